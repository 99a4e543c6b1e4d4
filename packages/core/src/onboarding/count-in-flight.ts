import { apps, type Queryable, refunds } from "@redress/database";
import { and, count, eq, inArray } from "drizzle-orm";

/** Refunds of an app that are not at their end. */
export interface RefundsInFlight {
  /** For a person, or for their turn: nothing was sent. */
  readonly waiting: number;
  /** Sent, or about to be: what became of it is not known yet. */
  readonly executing: number;
  /** Stripe has them, and has not finished. */
  readonly atStripe: number;
  /** They go on when what stands in their way is gone. */
  readonly blocked: number;
}

const stages = {
  requested: "waiting",
  awaiting_approval: "waiting",
  approved: "waiting",
  executing: "executing",
  pending: "atStripe",
  requires_action: "atStripe",
  blocked: "blocked",
} as const;
type Stage = keyof typeof stages;
const inFlight = Object.keys(stages) as Stage[];

/** What a disconnection would leave half done. */
export async function countInFlight(database: Queryable, slug: string): Promise<RefundsInFlight> {
  const rows = await database
    .select({ status: refunds.status, count: count() })
    .from(refunds)
    .innerJoin(apps, eq(apps.id, refunds.appId))
    .where(and(eq(apps.slug, slug), inArray(refunds.status, inFlight)))
    .groupBy(refunds.status);
  const sums = { waiting: 0, executing: 0, atStripe: 0, blocked: 0 };
  for (const row of rows) if (isStage(row.status)) sums[stages[row.status]] += row.count;
  return sums;
}

const isStage = (status: string): status is Stage => Object.hasOwn(stages, status);
