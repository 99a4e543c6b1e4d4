import { refunds, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { enqueue } from "../outbox/enqueue.ts";

/**
 * Queues the next try of a refund for when its row says, if it says so. Whoever queues this try queues the
 * same one. Call `dependencies.wakeOutbox()` after the commit.
 */
export async function queueNextExecution(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  refundId: string,
): Promise<void> {
  const [refund] = await transaction
    .select({ nextAttemptAt: refunds.nextAttemptAt })
    .from(refunds)
    .where(eq(refunds.id, refundId));
  if (!refund?.nextAttemptAt) return;
  await enqueue(dependencies, transaction, {
    name: "refund/execution.due",
    factKey: `refund-execution:${refundId}:${refund.nextAttemptAt.getTime()}`,
    data: { refundId },
    sendAt: refund.nextAttemptAt,
  });
}
