import { auditLogs, type RefundStatus, slackMessages, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { ApprovalOccasion } from "../outbox/messages.ts";
import type { RefundRow } from "../refunds/refund-row.ts";
import { tellApprovers } from "./tell-approvers.ts";

/**
 * Tells approvers that a request begins to wait for them, that it does so no longer, and what became of it where
 * somebody was shown it. What policy decides by itself is told to nobody.
 */
export async function tellOfChange(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  { refund, to }: { refund: RefundRow; to: RefundStatus },
): Promise<void> {
  const occasion = await occasionOf(transaction, refund, to);
  if (occasion === null) return;
  // The refund is locked, so no two changes of it count the same.
  const number = await transaction.$count(auditLogs, eq(auditLogs.refundId, refund.id));
  await tellApprovers(dependencies, transaction, { refundId: refund.id, occasion, number });
}

/** An approval that was not the last, or was taken back: where the request is shown, it says how many there are. */
export async function tellOfEndorsement(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  refundId: string,
): Promise<void> {
  const number = await transaction.$count(auditLogs, eq(auditLogs.refundId, refundId));
  await tellApprovers(dependencies, transaction, { refundId, occasion: "decided", number });
}

async function occasionOf(
  transaction: Transaction,
  refund: RefundRow,
  to: RefundStatus,
): Promise<ApprovalOccasion | null> {
  if (to === "awaiting_approval") return "asked";
  if (refund.status === "awaiting_approval") return "decided";
  // An outcome is worth a line; that Stripe is being asked is not.
  if (to === "executing") return null;
  // A line of a list was shown to nobody by itself.
  if (refund.bulkRefundId !== null && refund.asking === 0) return null;
  const shown = await transaction.$count(slackMessages, eq(slackMessages.refundId, refund.id));
  return shown > 0 ? "decided" : null;
}
