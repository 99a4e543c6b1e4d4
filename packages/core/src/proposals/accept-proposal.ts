import { purchases, refundProposals, refunds } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { isRedressError } from "../errors.ts";
import { policyInForce } from "../policy/policy-in-force.ts";
import { reasonOfFraud } from "../policy/reasons.ts";
import { getRefund } from "../refunds/get-refund.ts";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { closeProposal } from "./close-proposal.ts";
import { lapseWhereOver } from "./lapse-proposals.ts";
import { lockProposal, type ProposalRow, proposalClosed, proposalNotFound } from "./proposal-row.ts";
import { requestKeyOf } from "./request-key.ts";

/**
 * Asks for the refund that a proposal names: all that is left, as `fraudulent`, by the person who clicked,
 * under the app's policy and approval like any other request. Clicking twice, or two people at once, is one
 * request. Where nothing is left to refund, or a dispute came first, the proposal lapses.
 *
 * @throws RedressError `proposal_not_found`, `proposal_closed`, and what `requestRefund` throws
 */
export async function acceptProposal(
  dependencies: Dependencies,
  input: { proposalId: string; operatorId: string; correlationId: string },
): Promise<RefundDetail> {
  const proposal = await readProposal(dependencies, input.proposalId);
  if (proposal.status === "accepted" && proposal.refundId !== null) {
    // The second click of the same person shows what the first one did.
    if (proposal.closedBy === input.operatorId)
      return getRefund(dependencies, { refundId: proposal.refundId });
  }
  if (proposal.status !== "open") throw proposalClosed(proposal);
  const asked = (await askedBefore(dependencies, proposal)) ?? (await ask(dependencies, proposal, input));
  await dependencies.database.transaction(async (transaction) => {
    const locked = await lockProposal(transaction, proposal.id);
    // Somebody else was as quick: it is the same refund.
    if (locked.proposal.status !== "open") return;
    const { refundId, askedBy } = asked;
    await closeProposal(dependencies, transaction, {
      ...locked,
      to: "accepted",
      refundId,
      actor: { kind: "operator", id: askedBy },
      correlationId: input.correlationId,
    });
  });
  return getRefund(dependencies, { refundId: asked.refundId });
}

async function readProposal({ database }: Dependencies, proposalId: string): Promise<ProposalRow> {
  const [proposal] = await database.select().from(refundProposals).where(eq(refundProposals.id, proposalId));
  if (!proposal) throw proposalNotFound(proposalId);
  return proposal;
}

interface Asked {
  readonly refundId: string;
  readonly askedBy: string;
}

/** A click that was interrupted between asking and saying so, whoever's it was. */
async function askedBefore({ database }: Dependencies, proposal: ProposalRow): Promise<Asked | null> {
  const [refund] = await database
    .select({ refundId: refunds.id, askedBy: refunds.requestedById })
    .from(refunds)
    .where(
      and(eq(refunds.purchaseId, proposal.purchaseId), eq(refunds.requestKey, requestKeyOf(proposal.id))),
    );
  return refund ?? null;
}

async function ask(
  dependencies: Dependencies,
  proposal: ProposalRow,
  { operatorId, correlationId }: { operatorId: string; correlationId: string },
): Promise<Asked> {
  try {
    const reason = await fraudReason(dependencies, proposal);
    const { id } = await requestRefund(dependencies, {
      requester: { kind: "operator", id: operatorId },
      purchaseId: proposal.purchaseId,
      reason,
      note: `Early fraud warning ${proposal.stripeWarningId}: ${proposal.fraudType.replaceAll("_", " ")}.`,
      requestKey: requestKeyOf(proposal.id),
      correlationId,
    });
    return { refundId: id, askedBy: operatorId };
  } catch (error) {
    // All that is left may be held by a colleague's click on the same proposal.
    const colleagues = await askedBefore(dependencies, proposal);
    if (colleagues !== null) return colleagues;
    if (isRedressError(error)) await lapseWhereOver(dependencies, proposal.id, correlationId);
    throw error;
  }
}

/** The app's own word for fraud; undefined where it has none. */
async function fraudReason(
  { database }: Dependencies,
  { purchaseId }: ProposalRow,
): Promise<string | undefined> {
  const [purchase] = await database
    .select({ appId: purchases.appId })
    .from(purchases)
    .where(eq(purchases.id, purchaseId));
  return purchase && reasonOfFraud((await policyInForce(database, purchase.appId)).policy);
}
