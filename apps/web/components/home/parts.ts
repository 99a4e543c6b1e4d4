import type { Series } from "@redress/core/figures/figures";

/** One part of a whole: an app, or a reason. */
export interface Part {
  readonly key: string;
  readonly name: string;
  readonly series: Series;
}

/** More small drawings than this nobody compares. */
const most = 5;

/**
 * The parts with the most refunded, and the others as one.
 *
 * @param series the largest first
 * @param paid `shared`: what was paid is that of all parts, in each of them
 */
export function largestParts(
  series: ReadonlyMap<string, Series>,
  nameOf: (key: string) => string,
  paid: "own" | "shared",
): Part[] {
  const parts = [...series].map(([key, one]) => ({ key, name: nameOf(key), series: one }));
  if (parts.length <= most + 1) return parts;
  const others = parts.slice(most);
  const rest = others.map((part) => part.series).reduce((a, b) => add(a, b, paid));
  return [...parts.slice(0, most), { key: "…", name: `${others.length} others`, series: rest }];
}

function add(a: Series, b: Series, paid: "own" | "shared"): Series {
  return {
    count: a.count + b.count,
    refunded: sumOf(a.refunded, b.refunded),
    paid: paid === "own" ? sumOf(a.paid, b.paid) : a.paid,
  };
}

const sumOf = (a: readonly number[], b: readonly number[]) =>
  a.map((amount, index) => amount + (b[index] ?? 0));

/** What a chart shows, in words, for who does not see it. */
export function summaryOf(
  name: string,
  values: readonly (number | null)[],
  { labels, say }: { labels: readonly string[]; say: (value: number) => string },
): string {
  const known = values.flatMap((value, index) =>
    value === null ? [] : [{ value, at: labels[index] ?? "" }],
  );
  const highest = known.reduce<(typeof known)[number] | undefined>(
    (best, one) => (best === undefined || one.value > best.value ? one : best),
    undefined,
  );
  const last = known.at(-1);
  if (highest === undefined || last === undefined || highest.value === 0) return `${name}: none.`;
  return `${name}: at most ${say(highest.value)} (${highest.at}), last ${say(last.value)} (${last.at}).`;
}
