import { round } from "../statistics.ts";
import type { Look } from "./sample.ts";

/** The looks at one process at work, from its first page on. */
export function atWork(looks: readonly Look[]): readonly Look[] {
  const before = looks[0]?.pages ?? 0;
  const first = looks.findIndex(({ pages }) => pages > before);
  // The look before: its pages are those that were there when work began.
  return first < 0 ? [] : looks.slice(Math.max(0, first - 1));
}

/**
 * Pages that were taken in by what was allowed: the rate for as long as it worked, and what had been saved up before. Pages that a
 * killed process had asked for and not taken in are lost to this figure.
 *
 * @param stretches of work, each after a quiet time
 * @param allowed.burst requests that may go at once after one
 */
export function shareOfLimit(
  stretches: readonly (readonly Look[])[],
  { perSecond, burst }: { perSecond: number; burst: number },
): number {
  let [pages, allowed] = [0, 0];
  for (const looks of stretches) {
    const [first, last] = [looks.at(0), looks.at(-1)];
    if (first === undefined || last === undefined) continue;
    pages += last.pages - first.pages;
    allowed += burst + ((last.atMs - first.atMs) / 1_000) * perSecond;
  }
  return allowed === 0 ? 0 : round(pages / allowed, 3);
}

/** The most that all processes together held beyond what they held at the first look, in MiB. */
export function memoryGrowthOfAllMiB(looks: readonly Look[]): number {
  const sums = looks.map(({ bytes }) => [...bytes.values()].reduce((sum, one) => sum + one, 0));
  return round((Math.max(...sums) - (sums[0] ?? 0)) / 2 ** 20, 1);
}

/** The same of the process that imports. */
export function memoryGrowthMiB(looks: readonly Look[]): number {
  const sizes = looks.map(({ bytes, importer }) => bytes.get(importer) ?? 0);
  return round((Math.max(...sizes) - (sizes[0] ?? 0)) / 2 ** 20, 1);
}
