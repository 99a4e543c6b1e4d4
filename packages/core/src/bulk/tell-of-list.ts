import type { BulkRefundStatus, Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { BulkRow } from "./bulk-row.ts";

/**
 * Queues word for those who may approve a list: that it waits for them, and that it does so no longer. A list waits
 * once in its life, so each is one fact.
 */
export async function tellOfList(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  { list, to }: { list: BulkRow; to: BulkRefundStatus },
): Promise<void> {
  if (to !== "awaiting_approval" && list.status !== "awaiting_approval") return;
  const occasion = to === "awaiting_approval" ? "asked" : "decided";
  await enqueue(dependencies, transaction, {
    name: "bulk/told.due",
    factKey: `bulk.told:${list.id}:${occasion}`,
    data: { bulkRefundId: list.id, occasion },
  });
}
