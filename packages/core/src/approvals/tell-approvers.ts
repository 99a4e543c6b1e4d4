import type { Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { MessageData } from "../outbox/messages.ts";

/**
 * Queues that people are to be told of a request, once for each fact, in the transaction of the fact. Call
 * `dependencies.wakeOutbox()` after the commit.
 *
 * @param fact.number counts the facts of this kind about the refund: of which asking, or which comment
 */
export async function tellApprovers(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  { refundId, occasion, number }: MessageData<"approval/told.due"> & { number: number },
): Promise<void> {
  await enqueue(dependencies, transaction, {
    name: "approval/told.due",
    factKey: `approval.told:${refundId}:${occasion}:${number}`,
    data: { refundId, occasion },
  });
}
