import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import { parseInput } from "../parse-input.ts";
import { getRefund } from "../refunds/get-refund.ts";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { type DecisionInput, openDecision } from "./open-decision.ts";
import { recordRejection } from "./record-approval.ts";

/** Why a request is rejected: whoever asked has to tell the customer something. */
export const rejectionNote = z
  .string("Say why it is rejected.")
  .trim()
  .min(1, "Say why it is rejected.")
  .max(2000, "Say in at most 2,000 characters why it is rejected.");

/**
 * Rejects a request: nothing is ever sent for it, and what it reserved is free again.
 *
 * @param input.note why: 1 to 2000 characters
 * @throws RedressError `invalid_input` without a reason, `refund_not_found`, `permission_denied`, `already_decided`,
 *   `not_awaiting_approval`
 */
export async function rejectRefund(
  dependencies: Dependencies,
  input: DecisionInput & { note: string },
): Promise<RefundDetail> {
  const note = parseInput(z.object({ note: rejectionNote }), { note: input.note }).note;
  await dependencies.database.transaction(async (transaction) => {
    const open = await openDecision(dependencies, transaction, { ...input, decision: "rejected" });
    if (open === null) return;
    await recordRejection(dependencies, transaction, {
      ...open,
      decidedBy: { kind: "operator", id: input.operatorId },
      note,
      via: input.via,
      correlationId: input.correlationId,
    });
  });
  dependencies.wakeOutbox();
  return getRefund(dependencies, { refundId: input.refundId });
}
