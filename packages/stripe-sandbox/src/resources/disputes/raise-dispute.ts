import type { Context } from "../../context.ts";
import { charges, disputes, refunds } from "../collections.ts";
import { book } from "../money/book.ts";
import { disputeFee } from "../money/fees.ts";
import type { Charge } from "../payments/charge.ts";
import { testPaymentMethod } from "../payments/test-payment-methods.ts";
import { fail, payWaitingRefunds } from "../refunds/move-refund.ts";
import type { Dispute, DisputeReason } from "./dispute.ts";
import { disputeObject, updateDispute } from "./dispute-effects.ts";
import { retireWarnings } from "./retire-warnings.ts";

const daysToRespond = 9;

/**
 * The customer's bank asks about a charge (inquiry) or takes its money back (chargeback). A chargeback ends
 * every refund of the charge that was still under way: it would pay the customer twice.
 * `amount` in minor units of the charge's currency.
 */
export function raiseDispute(
  ctx: Context,
  charge: Charge,
  { inquiry, reason, amount }: { inquiry: boolean; reason: DisputeReason; amount: number },
): Dispute {
  const created = ctx.nowSeconds();
  const opened: Dispute = {
    id: ctx.id("du_1"),
    created,
    charge: charge.id,
    paymentIntent: charge.paymentIntent,
    amount,
    currency: charge.currency,
    reason,
    status: inquiry ? "warning_needs_response" : "needs_response",
    brand: testPaymentMethod(charge.method).brand,
    metadata: {},
    evidence: {},
    submissions: 0,
    dueBy: created + daysToRespond * 86_400,
    balanceTransactions: [],
  };
  const dispute = ctx
    .collection(disputes)
    .put(inquiry ? opened : { ...opened, balanceTransactions: [takeFunds(ctx, opened)] });
  ctx.collection(charges).put({ ...charge, dispute: dispute.id });
  const object = disputeObject(ctx, dispute);
  ctx.emit("charge.dispute.created", object);
  if (!inquiry) ctx.emit("charge.dispute.funds_withdrawn", object);
  retireWarnings(ctx, charge.id);
  if (!inquiry) stopRefunds(ctx, charge.id);
  return dispute;
}

/** An inquiry that was not settled becomes a chargeback. */
export function escalate(ctx: Context, dispute: Dispute): Dispute {
  const updated = updateDispute(ctx, dispute, { status: "needs_response" }, "charge.dispute.updated");
  const balanceTransactionIds = [...updated.balanceTransactions, takeFunds(ctx, updated)];
  const changes = { balanceTransactions: balanceTransactionIds };
  const after = updateDispute(ctx, updated, changes, "charge.dispute.funds_withdrawn");
  stopRefunds(ctx, dispute.charge);
  return after;
}

/** Closes a dispute with the bank's verdict; winning brings the disputed amount back. */
export function closeDispute(
  ctx: Context,
  dispute: Dispute,
  status: "won" | "lost" | "warning_closed",
): Dispute {
  if (status !== "won") return updateDispute(ctx, dispute, { status }, "charge.dispute.closed");
  const reinstated = book(ctx, {
    amount: dispute.amount,
    currency: dispute.currency,
    availableOn: ctx.nowSeconds(),
    type: "adjustment",
    reportingCategory: "dispute_reversal",
    description: `Chargeback reversal for ${dispute.charge}`,
    source: dispute.id,
  }).id;
  const balanceTransactionIds = [...dispute.balanceTransactions, reinstated];
  const changes = { status, balanceTransactions: balanceTransactionIds };
  const after = updateDispute(ctx, dispute, changes, "charge.dispute.closed");
  ctx.emit("charge.dispute.funds_reinstated", disputeObject(ctx, after));
  payWaitingRefunds(ctx, dispute.currency);
  return after;
}

function takeFunds(ctx: Context, dispute: Dispute): string {
  return book(ctx, {
    amount: -dispute.amount,
    fee: disputeFee(dispute.currency),
    currency: dispute.currency,
    availableOn: ctx.nowSeconds(),
    type: "adjustment",
    reportingCategory: "dispute",
    description: `Chargeback withdrawal for ${dispute.charge}`,
    source: dispute.id,
  }).id;
}

/** Those without money first: what the others give back must not send them off. */
function stopRefunds(ctx: Context, charge: string): void {
  const all = ctx.collection(refunds).where("charge", charge);
  const waitingFirst = all.sort(
    (a, b) => Number(a.balanceTransaction !== null) - Number(b.balanceTransaction !== null),
  );
  for (const { id } of waitingFirst) {
    const refund = ctx.collection(refunds).get(id);
    if (refund?.status === "pending") fail(ctx, refund, "failed", "charge_for_pending_refund_disputed");
    if (refund?.status === "requires_action")
      fail(ctx, refund, "canceled", "charge_for_pending_refund_disputed");
  }
}
