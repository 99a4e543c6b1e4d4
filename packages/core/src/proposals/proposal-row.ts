import { refundProposals, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import { RedressError } from "../errors.ts";
import { isClosed } from "../refunds/dispute-facts.ts";
import { lockPurchase, type PurchaseRow } from "../refunds/refund-row.ts";
import { remainderOf } from "../refunds/remainder.ts";

export type ProposalRow = typeof refundProposals.$inferSelect;
/** Why there is nothing to propose (any more). */
export type NothingToPropose = "refunded" | "disputed";

/**
 * Locks a proposal after its purchase, as everyone does who touches money.
 *
 * @throws RedressError `proposal_not_found`
 */
export async function lockProposal(
  transaction: Transaction,
  proposalId: string,
): Promise<{ purchase: PurchaseRow; proposal: ProposalRow }> {
  const [known] = await transaction
    .select({ purchaseId: refundProposals.purchaseId })
    .from(refundProposals)
    .where(eq(refundProposals.id, proposalId));
  if (!known) throw proposalNotFound(proposalId);
  const purchase = await lockPurchase(transaction, known.purchaseId);
  const [proposal] = await transaction
    .select()
    .from(refundProposals)
    .where(eq(refundProposals.id, proposalId))
    .for("update");
  if (!proposal) throw proposalNotFound(proposalId);
  return { purchase, proposal };
}

/**
 * A refund spares the merchant a dispute only while there is none, and money is left to return. What an open
 * request holds is not returned yet: it may be rejected.
 *
 * @param purchase locked by the caller
 */
export async function whyNothingToPropose(
  transaction: Transaction,
  purchase: PurchaseRow,
): Promise<NothingToPropose | null> {
  const { disputeStatus, refundsBlockedByDispute } = purchase;
  if (refundsBlockedByDispute || (disputeStatus !== null && !isClosed(disputeStatus))) return "disputed";
  const { atStripe } = await remainderOf(transaction, purchase);
  return atStripe >= purchase.amountCaptured ? "refunded" : null;
}

export function proposalNotFound(proposalId: string): RedressError {
  return new RedressError(
    "proposal_not_found",
    `There is no proposal ${proposalId}. The list of proposals has those that are open.`,
  );
}

/** @param proposal one that is not open */
export function proposalClosed({ id, status, refundId }: ProposalRow): RedressError {
  const became = {
    accepted: `A refund was asked for on this proposal already${refundId === null ? "" : `: ${refundId}`}. Look at it instead.`,
    dismissed:
      "This proposal was dismissed. Ask for the refund on the purchase’s page if it is wanted all the same.",
    lapsed:
      "This proposal has lapsed: the purchase is refunded or disputed, or the warning no longer asks for anything.",
    open: "This proposal is open.",
  }[status];
  return new RedressError("proposal_closed", became, { details: { proposalId: id, status, refundId } });
}
