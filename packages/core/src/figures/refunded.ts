import { refunds } from "@redress/database";
import { and, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { type FigureQuery, isAsked, spanOf } from "./figure-query.ts";

/** What was refunded in one span, by app, currency and reason. */
export interface RefundedSum {
  /** The number of the span, from 0 on. */
  readonly span: number;
  readonly appId: string;
  readonly currency: string;
  /** The app's code; null: none was given. */
  readonly reason: string | null;
  readonly amount: number;
  /** Of refunds. */
  readonly count: number;
}

/** Written out, so that the index `refunds_succeeded` serves whatever the plan. */
export const hasSucceeded = sql`${refunds.status} = 'succeeded'`;

/** Sums of the refunds that have succeeded and not failed since, by when they did, ours and those of Stripe's Dashboard. */
export async function readRefunded(
  { database }: Pick<Dependencies, "database">,
  query: FigureQuery,
): Promise<RefundedSum[]> {
  return database
    .select({
      span: spanOf(refunds.settledAt, query, "timestamptz"),
      appId: refunds.appId,
      currency: refunds.currency,
      reason: refunds.reason,
      amount: sql`sum(${refunds.amount})`.mapWith(Number),
      count: sql`count(*)`.mapWith(Number),
    })
    .from(refunds)
    .where(
      and(hasSucceeded, ...isAsked({ at: refunds.settledAt, appId: refunds.appId }, query, "timestamptz")),
    )
    .groupBy(sql`1, 2, 3, 4`);
}
