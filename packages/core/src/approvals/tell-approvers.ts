import type { Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { ApprovalOccasion } from "../outbox/messages.ts";

/**
 * Queues word about a request for those who may approve it (Slack, e-mail), in the transaction of what there is
 * to tell. The same occasion is told once.
 *
 * @param about.number tells occasions of the same kind apart, e.g. how often it was reminded of
 */
export async function tellApprovers(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  about: { refundId: string; occasion: ApprovalOccasion; number: number },
): Promise<void> {
  const { refundId, occasion, number } = about;
  await enqueue(dependencies, transaction, {
    name: "approval/told.due",
    factKey: `approval.told:${refundId}:${occasion}:${number}`,
    data: { refundId, occasion },
  });
}
