import type { Dependencies } from "../dependencies.ts";
import type { PurchaseDetail, PurchaseSummary } from "../purchases/purchase-view.ts";
import type { FoundPurchase } from "../purchases/search-purchases.ts";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { statusUrlOf } from "./status-url.ts";

/** A purchase as an agent needs it to choose the right one. Amounts are in the currency's smallest unit. */
export function purchaseForAgent(purchase: PurchaseSummary) {
  const { id, app, stripeChargeId, paymentMethod, purchasedAt, access, disputeStatus } = purchase;
  const { amountCaptured, amountRefunded, amountLeft, currency } = purchase;
  const { customerEmail, customerName, customer, productName, orderNumber } = purchase;
  return {
    purchaseId: id,
    app: app.slug,
    charge: stripeChargeId,
    ...{ amountCaptured, amountRefunded, amountLeft, currency },
    ...{ customerEmail, customerName, customer, productName, orderNumber },
    ...{ paymentMethod, purchasedAt, access, disputeStatus },
  };
}

/** One that was found: `unverified` where nothing but an address or a name led to it. */
export function foundPurchaseForAgent({ matchedBy, unverified, ...purchase }: FoundPurchase) {
  return { ...purchaseForAgent(purchase), matchedBy, unverified };
}

/** One purchase, with what was asked for and returned of it, newest first. */
export function purchaseDetailForAgent(purchase: PurchaseDetail) {
  return {
    ...purchaseForAgent(purchase),
    refundsBlockedByDispute: purchase.refundsBlockedByDispute,
    refunds: purchase.refunds.map(({ id, amount, currency, status, reason, origin, requestedAt }) => ({
      refundId: id,
      ...{ amount, currency, status, reason, origin, requestedAt },
    })),
  };
}

/** What became of a refund, without what only people work with: names, keys, attempts. */
export function refundForAgent(
  { clock, settings }: Pick<Dependencies, "clock" | "settings">,
  refund: RefundDetail,
) {
  const { id, app, purchaseId, amount, currency, status, reason, note, approval } = refund;
  const { requestedAt, expiresAt, settledAt, nextAttemptAt, stripeRefundId, stripeChargeId } = refund;
  return {
    refundId: id,
    app: app.slug,
    ...{ purchaseId, amount, currency, status, reason, note },
    ...{ requestedAt, expiresAt, settledAt, nextAttemptAt, stripeRefundId, charge: stripeChargeId },
    /** What a person, or the app's rule, said. */
    decision: approval && {
      decision: approval.decision,
      by: approval.decidedBy.kind,
      at: approval.decidedAt,
      note: approval.note,
    },
    ...statusUrlOf(settings, refund),
    message: describeOutcome(refund, clock.now()),
  };
}
