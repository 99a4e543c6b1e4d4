import { deskSettings, operatorRoles, type Transaction } from "@redress/database";
import { and, eq, isNull, or } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { getRefund } from "../refunds/get-refund.ts";
import type { RefundRow } from "../refunds/refund-row.ts";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { needsMore } from "./endorse-refund.ts";
import { type DecisionInput, openDecision } from "./open-decision.ts";
import { recordApproval } from "./record-approval.ts";

/**
 * Approves a request: exactly its amount, once. It runs right after, by the message this queues. Where more than
 * one person is needed, those before the last only endorse it: `approvalsMissing` says how many are still to come.
 *
 * @throws RedressError `refund_not_found`, `permission_denied`, `own_request`, `already_decided`,
 *   `not_awaiting_approval`
 */
export async function approveRefund(dependencies: Dependencies, input: DecisionInput): Promise<RefundDetail> {
  await dependencies.database.transaction(async (transaction) => {
    const open = await openDecision(dependencies, transaction, { ...input, decision: "approved" });
    if (open === null) return;
    if (await needsMore(dependencies, transaction, { ...open, ...input })) return;
    await recordApproval(dependencies, transaction, {
      ...open,
      decidedBy: { kind: "operator", id: input.operatorId },
      selfApproved: await isPermittedSelfApproval(transaction, open.refund, input.operatorId),
      note: input.note,
      via: input.via,
      correlationId: input.correlationId,
    });
  });
  dependencies.wakeOutbox();
  return getRefund(dependencies, { refundId: input.refundId });
}

/**
 * Nobody approves what they, or an agent whose key is theirs, asked for. A company with a single admin
 * says so in its settings, and the approval says that it was one.
 *
 * @throws RedressError `own_request`
 */
export async function isPermittedSelfApproval(
  transaction: Transaction,
  refund: Pick<RefundRow, "requestedByOwner" | "appId">,
  operatorId: string,
): Promise<boolean> {
  if (refund.requestedByOwner !== operatorId) return false;
  const [setting] = await transaction
    .select({ value: deskSettings.value })
    .from(deskSettings)
    .where(eq(deskSettings.key, "single_admin_may_approve_own"));
  if (setting?.value) {
    const admins = await transaction
      .selectDistinct({ id: operatorRoles.operatorId })
      .from(operatorRoles)
      .where(
        and(
          eq(operatorRoles.role, "admin"),
          or(isNull(operatorRoles.appId), eq(operatorRoles.appId, refund.appId)),
        ),
      );
    if (admins.length === 1 && admins[0]?.id === operatorId) return true;
  }
  throw new RedressError(
    "own_request",
    "You, or an agent whose key is yours, asked for this refund. Somebody else has to approve it.",
  );
}
