import { apiKeys, auditLogs, type RefundStatus, type Transaction } from "@redress/database";
import { and, eq, isNotNull } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { RefundRow } from "../refunds/refund-row.ts";

/**
 * Queues word for the program that asked for a refund, in the transaction of the change, so that it need not poll
 * for the decision. What the request itself was answered with is not told again, nor that Stripe is being asked.
 */
export async function tellAgent(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  { refund, to }: { refund: RefundRow; to: RefundStatus },
): Promise<void> {
  if (refund.requestedByKind !== "agent" || refund.status === "requested" || to === "executing") return;
  const { id: refundId, requestedById: keyId } = refund;
  const hasWebhook = and(eq(apiKeys.id, keyId), isNotNull(apiKeys.webhookUrl));
  if ((await transaction.$count(apiKeys, hasWebhook)) === 0) return;
  // The refund is locked, so no two changes of it count the same.
  const number = await transaction.$count(auditLogs, eq(auditLogs.refundId, refundId));
  const webhookId = `msg_${refundId}_${number}`;
  await enqueue(dependencies, transaction, {
    name: "agent/told.due",
    factKey: `agent.told:${webhookId}:1`,
    data: {
      keyId,
      refundId,
      status: to,
      changedAt: dependencies.clock.now().toISOString(),
      webhookId,
      attempt: 1,
    },
  });
}
