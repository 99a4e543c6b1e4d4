import type { Transaction } from "@redress/database";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Demand } from "../policy/judge-refund.ts";
import { changeRefund } from "../refunds/change-refund.ts";
import type { RefundRow } from "../refunds/refund-row.ts";
import { decisionPeriodMs, revokeApproval, withoutKey } from "./record-approval.ts";

/** Takes the approval out of force and asks anew: what was endorsed before is spent, and what is approved runs under a new key. */
export async function awaitApprovalAnew(
  dependencies: Pick<Dependencies, "clock" | "random" | "secrets" | "mail">,
  transaction: Transaction,
  {
    refund,
    demand,
    actor,
    correlationId,
    why,
  }: {
    refund: RefundRow;
    demand: Demand;
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
      ...demand,
      nextAttemptAt: null,
      expiresAt: new Date(dependencies.clock.now().getTime() + decisionPeriodMs),
    },
    actor,
    action: "approval_awaited",
    correlationId,
    details: { ...why, revokedApprovalId: refund.approvalId },
  });
}
