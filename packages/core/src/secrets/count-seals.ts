import { sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { type SealedPlace, sealedPlaces } from "./sealed-places.ts";

/** How many sealed texts of one kind there are, by the secret that opens them. */
export interface SealCount {
  readonly what: string;
  readonly present: number;
  /** Opened by one of `REDRESS_SECRET_PREVIOUS` only: lost if that is taken away now. */
  readonly older: number;
  /** Opened by none that was given. */
  readonly unreadable: number;
}

export type SealDependencies = Pick<Dependencies, "database" | "secrets" | "signInSeals">;

/** Looks at all sealed texts without opening one: each names the secret that sealed it. */
export async function countSeals(dependencies: SealDependencies): Promise<SealCount[]> {
  const counts: SealCount[] = [];
  for (const place of sealedPlaces) counts.push(await countPlace(dependencies, place));
  return counts;
}

/** The sums over all kinds. */
export function sumSeals(counts: readonly SealCount[]): Omit<SealCount, "what"> {
  const sum = (of: (count: SealCount) => number) => counts.reduce((total, count) => total + of(count), 0);
  return {
    present: sum(({ present }) => present),
    older: sum(({ older }) => older),
    unreadable: sum(({ unreadable }) => unreadable),
  };
}

async function countPlace(dependencies: SealDependencies, place: SealedPlace): Promise<SealCount> {
  const { what, table, sealed, holds, by, needs = sql`true` } = place;
  const separator = by === "box" ? "." : "$";
  const part = by === "box" ? 2 : 3;
  const key = sql<string>`split_part(${sealed}, ${separator}::text, ${part}::int)`;
  const rows = await dependencies.database
    .select({
      key,
      count: sql<number>`count(*)::int`,
      needed: sql<number>`(count(*) filter (where ${needs}))::int`,
    })
    .from(table)
    .where(holds)
    .groupBy(sql`1`);
  const count = { what, present: 0, older: 0, unreadable: 0 };
  for (const row of rows) {
    const owner = ownerOf(dependencies, place, row.key);
    count[owner] += owner === "unreadable" ? row.needed : row.count;
  }
  return count;
}

function ownerOf(
  { secrets, signInSeals }: SealDependencies,
  { by }: SealedPlace,
  key: string,
): "present" | "older" | "unreadable" {
  const known = by === "box" ? secrets.keyIds : (signInSeals?.versions ?? []).map(String);
  const index = known.indexOf(key);
  if (index === 0) return "present";
  if (index > 0) return "older";
  // better-auth named no secret before it was given versions: it is the present one's where there is no other.
  if (by === "sign_in" && key === "") return known.length > 1 ? "older" : "present";
  return "unreadable";
}
