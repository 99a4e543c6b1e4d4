import { dueInWords } from "../due-in-words.ts";
import { formatMoney } from "../money.ts";
import { blockedSentences } from "../refunds/blockage.ts";
import type { RefundDetail, RefundSummary } from "../refunds/refund-view.ts";

/** What happened to a refund, and what comes next, for the program or person that asked for it. */
export function describeOutcome(
  refund: RefundSummary & Partial<Pick<RefundDetail, "approval" | "followedBy">>,
  now: Date,
): string {
  const money = formatMoney(refund);
  switch (refund.status) {
    case "requested":
    case "awaiting_approval":
      return refund.approversNeeded > 1
        ? `Asked for ${money}. ${refund.approversNeeded} people have to approve it first.`
        : `Asked for ${money}. A person has to approve it first.`;
    case "approved":
      return `${money} is approved and is on its way to Stripe.`;
    case "executing":
      return describeAsking(refund, money, now);
    case "pending":
      return `Stripe has accepted the refund of ${money} and is still working on it.`;
    case "requires_action":
      return `Stripe has accepted the refund of ${money}; the customer has to give details first.`;
    case "succeeded":
      return `${money} was refunded.`;
    case "failed":
    case "canceled":
      return `The refund of ${money} failed (${refund.failureReason ?? "no reason given"}): the customer has not got the money. ${refund.followedBy ? `Another refund was asked for since, ${refund.followedBy.id}: look at that one first.` : "Arrange another way."}`;
    case "refused":
      return refund.refusedCode === "already_refunded"
        ? "This purchase had been refunded already. Nothing more was returned."
        : `Stripe refused the refund: ${refund.refusedMessage ?? "no reason given"}`;
    case "blocked":
      return refund.blockedCode ? blockedSentences[refund.blockedCode] : "The refund cannot run now.";
    case "rejected":
      return refund.approval?.decidedBy.kind === "policy"
        ? `The policy refuses the refund of ${money}: ${refund.approval.note ?? "no reason given"}`
        : `The request of ${money} was rejected. Nothing was returned.`;
    case "expired":
    case "withdrawn":
      return `The request of ${money} was ${refund.status}. Nothing was returned.`;
    case "superseded":
      return `The refund of ${money} was replaced by another one. Look at its history.`;
  }
}

/** While Stripe is asked: whether, and when, it is asked again. */
function describeAsking(refund: RefundSummary, money: string, now: Date): string {
  if (refund.nextAttemptAt === null) {
    return `Stripe has an equal refund that may be this one of ${money}. A person has to look first; do not ask for another refund.`;
  }
  const due = dueInWords(refund.nextAttemptAt, now);
  return refund.outcomeUnknown
    ? `Stripe has not said yet whether ${money} was refunded. It is asked again ${due}, safely; do not ask for another refund.`
    : `Stripe has put off the refund of ${money}. It is asked again ${due}; do not ask for another refund.`;
}
