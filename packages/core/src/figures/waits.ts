import { approvals, refunds } from "@redress/database";
import { and, isNotNull, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Dependencies } from "../dependencies.ts";
import { type FigureQuery, isAsked, spanOf } from "./figure-query.ts";
import { hasSucceeded } from "./refunded.ts";

/** How long something took: a value that was really measured, such that so many of a hundred took no longer. */
export interface Waits {
  readonly count: number;
  /** In seconds; null where there was none. */
  readonly p50: number | null;
  readonly p90: number | null;
}

export interface Decisions {
  readonly byPolicy: number;
  readonly byPeople: number;
  /** From when people were asked until the last one needed had decided; lines of lists are asked of nobody by themselves. */
  readonly waits: Waits;
}

/** Something for each span, and for the whole time. */
export interface BySpan<Figure> {
  readonly spans: readonly Figure[];
  readonly whole: Figure;
}

const noWaits: Waits = { count: 0, p50: null, p90: null };
const noDecisions: Decisions = { byPolicy: 0, byPeople: 0, waits: noWaits };

/** Decisions about refunds, by when they were made, whatever became of them. */
export async function readDecisions(
  { database }: Pick<Dependencies, "database">,
  query: FigureQuery,
): Promise<BySpan<Decisions>> {
  const { decidedAt, askedAt, decidedByKind, appId } = approvals;
  const decided = database
    .select({
      span: spanOf(decidedAt, query, "timestamptz").as("span"),
      kind: sql`${decidedByKind}`.as("kind"),
      seconds: seconds(decidedAt, askedAt).as("seconds"),
    })
    .from(approvals)
    .where(and(...isAsked({ at: decidedAt, appId }, query, "timestamptz")))
    .as("decided");
  const rows = await database
    .select({
      span: decided.span,
      byPolicy: sql`count(*) filter (where kind = 'policy')`.mapWith(Number),
      byPeople: sql`count(*) filter (where kind = 'operator')`.mapWith(Number),
      ...waitsOf,
    })
    .from(decided)
    .groupBy(eachAndAll);
  return bySpan(query, rows, noDecisions, ({ byPolicy, byPeople, ...waits }) => ({
    byPolicy,
    byPeople,
    waits: toWaits(waits),
  }));
}

/** From the approval until the money was returned, by when it was, of refunds that have not failed since. */
export async function readSettlements(
  { database }: Pick<Dependencies, "database">,
  query: FigureQuery,
): Promise<BySpan<Waits>> {
  const { settledAt, approvedAt, appId } = refunds;
  const settled = database
    .select({
      span: spanOf(settledAt, query, "timestamptz").as("span"),
      seconds: seconds(settledAt, approvedAt).as("seconds"),
    })
    .from(refunds)
    .where(
      and(hasSucceeded, isNotNull(approvedAt), ...isAsked({ at: settledAt, appId }, query, "timestamptz")),
    )
    .as("settled");
  const rows = await database
    .select({ span: settled.span, ...waitsOf })
    .from(settled)
    .groupBy(eachAndAll);
  return bySpan(query, rows, noWaits, toWaits);
}

/** Two clocks may differ, and nothing takes less than no time. */
function seconds(until: PgColumn, since: PgColumn): SQL {
  return sql`case when ${since} is not null then greatest(date_part('epoch', ${until} - ${since}), 0) end`;
}

/** Each span, and all of them together. */
const eachAndAll = sql`grouping sets ((span), ())`;

interface WaitRow {
  readonly count: number;
  readonly marks: readonly number[] | null;
}

const waitsOf = {
  count: sql`count(seconds)`.mapWith(Number),
  marks: sql<readonly number[] | null>`percentile_disc(array[0.5, 0.9]) within group (order by seconds)`,
};

function toWaits({ count, marks }: WaitRow): Waits {
  return { count, p50: marks?.[0] ?? null, p90: marks?.[1] ?? null };
}

/** @param rows the one without a span is of the whole time */
function bySpan<Row extends { readonly span: number | null }, Figure>(
  { spans }: FigureQuery,
  rows: readonly Row[],
  none: Figure,
  toFigure: (row: Row) => Figure,
): BySpan<Figure> {
  const figures = new Map(rows.map((row) => [row.span, toFigure(row)]));
  return { spans: spans.map((_, index) => figures.get(index) ?? none), whole: figures.get(null) ?? none };
}
