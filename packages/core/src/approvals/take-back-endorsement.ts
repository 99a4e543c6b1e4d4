import { approvalEndorsements } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { readGrants } from "../operators/grants.ts";
import { requirePermission } from "../operators/permissions.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { lockRefund } from "../refunds/refund-row.ts";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { standingEndorsements } from "./standing-endorsements.ts";
import { tellOfEndorsement } from "./tell-of-change.ts";

/**
 * Takes back one's own approval of a request that still waits for others.
 *
 * @throws RedressError `refund_not_found`, `permission_denied`; `already_decided` when it waits no more;
 *   `not_endorsed` when there is nothing of theirs to take back
 */
export async function takeBackEndorsement(
  dependencies: Dependencies,
  input: { refundId: string; operatorId: string; correlationId: string },
): Promise<RefundDetail> {
  const { refundId, operatorId, correlationId } = input;
  await dependencies.database.transaction(async (transaction) => {
    const { refund } = await lockRefund(transaction, refundId);
    const grants = await readGrants({ database: transaction }, operatorId);
    requirePermission(grants, "refunds.decide", refund.appId);
    if (refund.status !== "awaiting_approval") {
      throw new RedressError(
        "already_decided",
        `This request is ${refund.status.replaceAll("_", " ")}: an approval of it cannot be taken back any more. Look at its history.`,
        { details: { status: refund.status } },
      );
    }
    const [taken] = await transaction
      .update(approvalEndorsements)
      .set({ takenBackAt: dependencies.clock.now() })
      .where(and(standingEndorsements(refund), eq(approvalEndorsements.operatorId, operatorId)))
      .returning({ id: approvalEndorsements.id });
    if (!taken) {
      throw new RedressError(
        "not_endorsed",
        "You have not approved this request, so there is nothing to take back. Reload it to see who has.",
      );
    }
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "endorsement_taken_back",
      correlationId,
      appId: refund.appId,
      purchaseId: refund.purchaseId,
      refundId,
      details: { endorsementId: taken.id },
    });
    await tellOfEndorsement(dependencies, transaction, refundId);
  });
  dependencies.wakeOutbox();
  return getRefund(dependencies, { refundId });
}
