import type { Dependencies } from "../dependencies.ts";
import { getRefund } from "../refunds/get-refund.ts";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { type DecisionInput, openDecision } from "./open-decision.ts";
import { recordRejection } from "./record-approval.ts";

/**
 * Rejects a request: nothing is ever sent for it, and what it reserved is free again.
 *
 * @throws RedressError `refund_not_found`, `permission_denied`, `already_decided`, `not_awaiting_approval`
 */
export async function rejectRefund(dependencies: Dependencies, input: DecisionInput): Promise<RefundDetail> {
  await dependencies.database.transaction(async (transaction) => {
    const open = await openDecision(dependencies, transaction, { ...input, decision: "rejected" });
    if (open === null) return;
    await recordRejection(dependencies, transaction, {
      ...open,
      decidedBy: { kind: "operator", id: input.operatorId },
      note: input.note,
      via: input.via,
      correlationId: input.correlationId,
    });
  });
  dependencies.wakeOutbox();
  return getRefund(dependencies, { refundId: input.refundId });
}
