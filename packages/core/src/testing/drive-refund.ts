import type { Requester } from "../actor.ts";
import { executeRefund } from "../refunds/execute-refund.ts";
import type { ExecutionAnswer } from "../refunds/execution-answer.ts";
import { getRefund } from "../refunds/get-refund.ts";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import type { Harness, TestPurchase } from "./harness.ts";

/** A person who signs in nowhere in these tests. People may ask for the same twice; agents may not. */
export const testRequester: Requester = { kind: "operator", id: "opr_owner" };

/** A program whose key belongs to a person who signs in nowhere in these tests. */
export const testAgent: Requester = { kind: "agent", id: "key_test", ownerId: "opr_owner" };

/** Asks for a refund of a purchase; all that is left unless told. */
export function askRefund(
  harness: Harness,
  purchase: TestPurchase,
  options: { amount?: number; requester?: Requester; requestKey?: string } = {},
): Promise<RefundDetail> {
  return requestRefund(harness.dependencies, {
    requester: options.requester ?? testRequester,
    purchaseId: purchase.id,
    amount:
      options.amount === undefined ? undefined : { amount: options.amount, currency: purchase.currency },
    requestKey: options.requestKey,
    correlationId: "cor_test",
  });
}

export function execute(harness: Harness, refundId: string): Promise<ExecutionAnswer> {
  return executeRefund(harness.dependencies, { refundId, correlationId: "cor_test" });
}

/** Moves time to the refund's next attempt; by a millisecond when it is due, or has none. */
export async function untilDue(harness: Harness, refundId: string): Promise<void> {
  const { nextAttemptAt } = await getRefund(harness.dependencies, { refundId });
  await harness.advance(Math.max(1, (nextAttemptAt?.getTime() ?? 0) - harness.clock.now().getTime()));
}

/** Runs a refund as the sweeper does, moving time to each next attempt, until nothing is left to do. */
export async function driveRefund(harness: Harness, refundId: string): Promise<RefundDetail> {
  // A stored 500 is asked about hourly for a day, and may be stored anew.
  for (let run = 0; run < 300; run++) {
    const answer = await execute(harness, refundId);
    const refund = await getRefund(harness.dependencies, { refundId });
    if (answer !== "again") return refund;
    if (refund.nextAttemptAt === null) throw new Error(`refund ${refundId} is to be tried again, but never`);
    await harness.advance(Math.max(1, refund.nextAttemptAt.getTime() - harness.clock.now().getTime()));
  }
  throw new Error(`refund ${refundId} does not come to an end`);
}
