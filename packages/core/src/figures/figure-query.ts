import { inArray, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Span } from "./spans.ts";

/** Of which apps, and for which spans figures are read. */
export interface FigureQuery {
  readonly appIds: readonly string[] | "all";
  /** Oldest first, one after the other without gaps. */
  readonly spans: readonly Span[];
}

/** The number of the span that a moment or a day lies in, from 0 on. */
export function spanOf(column: PgColumn, { spans }: FigureQuery, type: "date" | "timestamptz"): SQL<number> {
  const edges = sql.param(spans.map(({ from }) => from.toISOString()));
  return sql`width_bucket(${column}, ${edges}::${sql.raw(type)}[]) - 1`.mapWith(Number);
}

/** What lies in none of the spans, or in another app, is left out. */
export function isAsked(
  of: { at: PgColumn; appId: PgColumn },
  query: FigureQuery,
  type: "date" | "timestamptz",
) {
  const [from, until] = [query.spans.at(0)?.from, query.spans.at(-1)?.until];
  if (from === undefined || until === undefined) return [sql`false`];
  const [begin, end] = [from.toISOString(), until.toISOString()];
  return [
    sql`${of.at} >= ${begin}::${sql.raw(type)}`,
    sql`${of.at} < ${end}::${sql.raw(type)}`,
    query.appIds === "all" ? undefined : inArray(of.appId, [...query.appIds]),
  ];
}
