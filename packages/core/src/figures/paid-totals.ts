import { paidChanges, paidTotals } from "@redress/database";
import { and, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import type { Dependencies } from "../dependencies.ts";
import { type FigureQuery, isAsked, spanOf } from "./figure-query.ts";

/** What was paid in one span, by app and currency. */
export interface PaidSum {
  /** The number of the span, from 0 on. */
  readonly span: number;
  readonly appId: string;
  readonly currency: string;
  readonly amount: number;
  /** Of purchases. */
  readonly count: number;
}

/** Sums of what was paid, by the day of the purchase: what a count of the purchases would give at this moment. */
export async function readPaid(
  { database }: Pick<Dependencies, "database">,
  query: FigureQuery,
): Promise<PaidSum[]> {
  const totals = database
    .select()
    .from(paidTotals)
    .where(and(...isAsked({ at: paidTotals.day, appId: paidTotals.appId }, query, "date")));
  const changes = database
    .select()
    .from(paidChanges)
    .where(and(...isAsked({ at: paidChanges.day, appId: paidChanges.appId }, query, "date")));
  // One statement, so that the sweeper cannot move a change between the two.
  const paid = unionAll(totals, changes).as("paid");
  return database
    .select({
      span: spanOf(paid.day, query, "date"),
      appId: paid.appId,
      currency: paid.currency,
      amount: sql`sum(${paid.amount})`.mapWith(Number),
      count: sql`sum(${paid.count})`.mapWith(Number),
    })
    .from(paid)
    .groupBy(sql`1, 2, 3`);
}

/** Moves into the totals what was paid since the last sweep. Safe in several processes at once. */
export async function foldPaidChanges({ database }: Pick<Dependencies, "database">): Promise<void> {
  await database.execute(sql`
    with taken as (
      delete from paid_changes
        where ctid = any (array(select ctid from paid_changes for update skip locked))
        returning day, app_id, currency, amount, count),
    summed as (
      select day, app_id, currency, sum(amount) as amount, sum(count) as count
        from taken group by 1, 2, 3 order by 1, 2, 3)
    insert into paid_totals as total (day, app_id, currency, amount, count)
      select day, app_id, currency, amount, count from summed
      on conflict (day, app_id, currency) do update
        set amount = total.amount + excluded.amount, count = total.count + excluded.count`);
}
