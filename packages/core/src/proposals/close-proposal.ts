import { refundProposals, type Transaction } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import type { PurchaseRow } from "../refunds/refund-row.ts";
import type { ProposalRow } from "./proposal-row.ts";

const actions = {
  accepted: "proposal_accepted",
  dismissed: "proposal_dismissed",
  lapsed: "proposal_lapsed",
} as const;

/**
 * Closes an open proposal, with its one entry in the log.
 *
 * @param change.proposal locked, after its purchase, and open
 */
export async function closeProposal(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  change: {
    proposal: ProposalRow;
    purchase: PurchaseRow;
    to: keyof typeof actions;
    refundId?: string;
    actor: Actor;
    correlationId: string;
    details?: Record<string, unknown>;
  },
): Promise<void> {
  const { proposal, purchase, to, actor, refundId = null } = change;
  const [closed] = await transaction
    .update(refundProposals)
    .set({
      status: to,
      refundId,
      closedAt: dependencies.clock.now(),
      closedBy: to === "lapsed" ? null : actor.id,
    })
    .where(and(eq(refundProposals.id, proposal.id), eq(refundProposals.status, "open")))
    .returning({ id: refundProposals.id });
  if (!closed) throw new Error(`proposal ${proposal.id} is not open`);
  await recordAudit(dependencies, transaction, {
    actor,
    action: actions[to],
    correlationId: change.correlationId,
    appId: purchase.appId,
    purchaseId: purchase.id,
    refundId,
    before: { status: proposal.status },
    after: { status: to },
    details: { proposalId: proposal.id, stripeWarningId: proposal.stripeWarningId, ...change.details },
  });
}
