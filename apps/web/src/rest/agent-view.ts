import type { Requester } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import type { PurchaseDetail, PurchaseSummary } from "@redress/core/purchases/purchase-view";
import type { FoundPurchase } from "@redress/core/purchases/search-purchases";
import type { RefundCommentView, RefundDetail, RefundSummary } from "@redress/core/refunds/refund-view";
import { describeOutcome } from "@redress/core/tools/describe-outcome";
import { statusUrlOf } from "@redress/core/tools/status-url";

/*
 * What REST shows an agent: of what people see, under the same names, the part that it needs, as `agent-views` of
 * core does for the tools. No names of colleagues, no attempts, no log, no account.
 */

type Seen = Pick<Dependencies, "clock" | "settings">;

/** @returns what `show` makes for an agent, and for a person all of it */
export function viewFor<Whole, Lean>(
  requester: Requester,
  whole: Whole,
  show: (whole: Whole) => Lean,
): Whole | Lean {
  return requester.kind === "agent" ? show(whole) : whole;
}

/** A purchase in a list. */
export function leanPurchase(purchase: PurchaseSummary) {
  const { id, app, stripeChargeId, paymentMethod, purchasedAt, access, disputeStatus } = purchase;
  const { amountCaptured, amountRefunded, amountLeft, currency } = purchase;
  const { customerEmail, customerName, customer, productName, orderNumber } = purchase;
  return {
    ...{ id, app, stripeChargeId, amountCaptured, amountRefunded, amountLeft, currency },
    ...{ customerEmail, customerName, customer, productName, orderNumber },
    ...{ paymentMethod, purchasedAt, access, disputeStatus },
  };
}

/** One that was found, and by what. */
export function leanFoundPurchase({ matchedBy, unverified, ...purchase }: FoundPurchase) {
  return { ...leanPurchase(purchase), matchedBy, unverified };
}

/** One purchase, with what was asked for and returned of it. */
export function leanPurchaseDetail(purchase: PurchaseDetail) {
  const { refundsBlockedByDispute, refunds } = purchase;
  return {
    ...leanPurchase(purchase),
    refundsBlockedByDispute,
    refunds: refunds.map(({ id, amount, currency, status, reason, origin, requestedAt }) => ({
      ...{ id, amount, currency, status, reason, origin, requestedAt },
    })),
  };
}

/** What was said about a refund: by a person or an agent, not by whom. */
export function leanComment({ id, number, by, at, text }: RefundCommentView) {
  return { id, number, by: by.kind, at, text };
}

/** A refund, in a list or by itself; `message` says what comes next. */
export function leanRefund({ clock, settings }: Seen, refund: RefundSummary & Partial<RefundDetail>) {
  const { id, app, purchaseId, amount, currency, status, reason, note, ticketUrl, origin, approval } = refund;
  const { requestedAt, expiresAt, settledAt, nextAttemptAt, stripeRefundId } = refund;
  const { refusedCode, failureReason, blockedCode } = refund;
  return {
    ...{ id, app, purchaseId, amount, currency, status, reason, note, ticketUrl, origin },
    ...{ requestedAt, expiresAt, settledAt, nextAttemptAt, stripeRefundId },
    ...{ refusedCode, failureReason, blockedCode },
    ...(approval && {
      decision: {
        decision: approval.decision,
        by: approval.decidedBy.kind,
        at: approval.decidedAt,
        note: approval.note,
      },
    }),
    ...statusUrlOf(settings, refund),
    message: describeOutcome(refund, clock.now()),
  };
}
