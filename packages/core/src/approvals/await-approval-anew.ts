import type { ApproverRole, Transaction } from "@redress/database";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { changeRefund } from "../refunds/change-refund.ts";
import type { RefundRow } from "../refunds/refund-row.ts";
import { decisionPeriodMs, revokeApproval, withoutKey } from "./record-approval.ts";

/** Takes the approval out of force and asks a person: what they approve runs under a new key. */
export async function awaitApprovalAnew(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  {
    refund,
    approverRole,
    actor,
    correlationId,
    why,
  }: {
    refund: RefundRow;
    approverRole: ApproverRole;
    actor: Actor;
    correlationId: string;
    why: Record<string, unknown>;
  },
): Promise<void> {
  await revokeApproval(dependencies, transaction, refund);
  await changeRefund(dependencies, transaction, {
    refund,
    to: "awaiting_approval",
    set: {
      ...withoutKey,
      approverRole,
      nextAttemptAt: null,
      expiresAt: new Date(dependencies.clock.now().getTime() + decisionPeriodMs),
    },
    actor,
    action: "approval_awaited",
    correlationId,
    details: { ...why, revokedApprovalId: refund.approvalId },
  });
}
