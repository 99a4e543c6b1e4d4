import { refunds } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { isStripeError } from "../stripe/classify-error.ts";
import { recordDrift } from "./record-drift.ts";
import type { RunRow } from "./run.ts";

/** So often the whole step is repeated first: what passes by itself (a lock, a lost connection) is no drift. */
const repeated = 2;

/**
 * Compares one refund of a step. Where the desk itself breaks off at it each time, it is listed for a
 * person and left out, so that the others are compared and the run comes to its end.
 *
 * @returns how many requests to Stripe it took
 */
export async function compareApart(
  dependencies: Dependencies,
  run: RunRow,
  stripeRefundId: string,
  compare: () => Promise<number>,
): Promise<number> {
  try {
    return await compare();
  } catch (error) {
    if (isStripeError(error) || run.attemptCount < repeated) throw error;
    const { database, logger } = dependencies;
    logger.error({ err: error, runId: run.id, stripeRefundId }, "A refund could not be compared.");
    const [row] = await database
      .select({ id: refunds.id, appId: refunds.appId })
      .from(refunds)
      .where(
        and(eq(refunds.stripeAccountId, run.stripeAccountId), eq(refunds.stripeRefundId, stripeRefundId)),
      );
    await recordDrift(dependencies, database, run, {
      appId: row?.appId ?? run.appId,
      kind: "refund_not_compared",
      subjectId: stripeRefundId,
      refundId: row?.id ?? null,
      stripeRefundId,
      rightSide: "undecided",
      action: "none",
    });
    return 1;
  }
}
