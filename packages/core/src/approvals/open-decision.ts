import { approvalEndorsements, approvals, type Transaction } from "@redress/database";
import { and, eq, isNull } from "drizzle-orm";
import type { OperatorGrants } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { readDeciderGrants } from "../operators/decider-grants.ts";
import { requireApprover, requirePermission } from "../operators/permissions.ts";
import { type Demand, demandOf, judgeRefund } from "../policy/judge-refund.ts";
import { lockRefund, type PurchaseRow, type RefundRow } from "../refunds/refund-row.ts";
import { requireShown } from "./shown-request.ts";
import { standingEndorsements } from "./standing-endorsements.ts";

export interface DecisionInput {
  readonly refundId: string;
  readonly operatorId: string;
  readonly note?: string | undefined;
  readonly correlationId: string;
  readonly via?: "slack" | undefined;
  /** Hash of the request that the decider saw (`hashOfRequest`); another one is not decided by it. */
  readonly shown?: string | undefined;
}

/**
 * Locks a request that somebody is about to decide. A second click of the same person is no error.
 *
 * @returns null when this operator has made exactly this decision before; `demand`: whom an approval needs, as
 *   the policy wanted when it asked and as it wants now, whichever is more
 * @throws RedressError `refund_not_found`, `permission_denied`, `already_decided`, `not_awaiting_approval`,
 *   `request_changed` when it is not what the decider was shown
 */
export async function openDecision(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  input: DecisionInput & { decision: "approved" | "rejected" },
): Promise<{ purchase: PurchaseRow; refund: RefundRow; demand: Demand } | null> {
  const locked = await lockRefund(transaction, input.refundId);
  const { refund } = locked;
  if (input.shown !== undefined) requireShown(refund, input.shown);
  // Read under the lock: a right that was taken while this waited is gone.
  const grants = await readDeciderGrants({ database: transaction }, input.operatorId);
  requirePermission(grants, "refunds.decide", refund.appId);
  if (refund.status !== "awaiting_approval") {
    const [made] = await transaction
      .select()
      .from(approvals)
      .where(and(eq(approvals.refundId, refund.id), isNull(approvals.revokedAt)));
    if (made?.decision === input.decision) {
      if (made.decidedById === input.operatorId) return null;
      if (made.decision === "approved" && (await hasEndorsed(transaction, refund, input.operatorId)))
        return null;
    }
    throw made
      ? new RedressError(
          "already_decided",
          "Somebody has decided this request already. Look at its history.",
          {
            details: { decision: made.decision, status: refund.status },
          },
        )
      : new RedressError(
          "not_awaiting_approval",
          `This request is ${refund.status.replaceAll("_", " ")}: there is nothing to decide. Ask for a new refund if one is due.`,
          { details: { status: refund.status } },
        );
  }
  if (refund.expiresAt !== null && refund.expiresAt <= dependencies.clock.now()) {
    throw new RedressError(
      "not_awaiting_approval",
      "This request has lapsed: nobody decided it in time. Ask for a new refund if one is due.",
      { details: { status: "expired" } },
    );
  }
  const { approverRole, approversNeeded } = refund;
  const demand =
    input.decision === "approved"
      ? await requireApproverOfToday(dependencies, transaction, grants, locked)
      : { approverRole, approversNeeded };
  return { ...locked, demand };
}

/** Whether this operator's approval is among those of the present asking. */
export async function hasEndorsed(
  transaction: Transaction,
  refund: RefundRow,
  operatorId: string,
): Promise<boolean> {
  const mine = and(standingEndorsements(refund), eq(approvalEndorsements.operatorId, operatorId));
  return (await transaction.$count(approvalEndorsements, mine)) > 0;
}

/** The policy may have changed since it asked: whoever approves must be whom it asked, and whom it would ask now. */
export async function requireApproverOfToday(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  grants: OperatorGrants,
  { purchase, refund }: { purchase: PurchaseRow; refund: RefundRow },
): Promise<Demand> {
  requireApprover(grants, refund);
  const judged = await judgeRefund(dependencies, transaction, { purchase, refund, occasion: "approval" });
  const { approverRole, approversNeeded } = refund;
  if (judged.verdict.kind === "allow") return { approverRole, approversNeeded };
  const today = demandOf(judged.verdict);
  requireApprover(grants, { appId: refund.appId, approverRole: today.approverRole });
  return {
    approverRole: approverRole === "admin" ? approverRole : today.approverRole,
    approversNeeded: Math.max(approversNeeded, today.approversNeeded),
  };
}
