import type { Context } from "../../context.ts";
import { refunds } from "../collections.ts";
import { returnFee } from "../fees/move-fee.ts";
import { covers, nextMaturity } from "../money/balance.ts";
import { book, currentBalance } from "../money/book.ts";
import type { Charge } from "../payments/charge.ts";
import { testPaymentMethod } from "../payments/test-payment-methods.ts";
import type { Refund } from "./refund.ts";
import { chargeOf, type RefundEvent, reviewCharge, updateRefund } from "./refund-effects.ts";

/** How long the test cards take to change their mind, in milliseconds of sandbox time. */
const failsAfterMs = 5_000;
const succeedsAfterMs = 30_000;

export const refundTimer = "refund.progress";
export const balanceTimer = "balance.available";

export type FailureReason =
  | "lost_or_stolen_card"
  | "expired_or_canceled_card"
  | "charge_for_pending_refund_disputed"
  | "insufficient_funds"
  | "declined"
  | "merchant_request"
  | "unknown";

/** Takes the refund's money from the balance; answers the id of the movement. */
export function withdraw(ctx: Context, refund: Refund): string {
  const charge = chargeOf(ctx, refund);
  const returned = refund.applicationFeeRefunded ? returnShareOfFee(ctx, charge, refund.amount) : 0;
  return book(ctx, {
    amount: -refund.amount,
    fee: -returned,
    applicationFee: -returned,
    application: charge.application,
    currency: refund.currency,
    availableOn: ctx.nowSeconds(),
    type: refund.id.startsWith("pyr_") ? "payment_refund" : "refund",
    reportingCategory: "refund",
    description:
      charge.description === null ? "REFUND FOR PAYMENT" : `REFUND FOR CHARGE (${charge.description})`,
    source: refund.id,
  }).id;
}

/** The application fee goes back in proportion to the refund. */
function returnShareOfFee(ctx: Context, charge: Charge, refunded: number): number {
  const { amountCaptured, applicationFee, applicationFeeAmount } = charge;
  if (applicationFee === null || applicationFeeAmount === null) return 0;
  return returnFee(ctx, applicationFee, Math.floor((applicationFeeAmount * refunded) / amountCaptured));
}

/** What a refund becomes once its money has left the balance, by the test payment method it goes back to. */
export function afterWithdrawal(ctx: Context, refund: Refund): Pick<Refund, "status" | "pendingReason"> {
  const { refund: behaviour } = testPaymentMethod(chargeOf(ctx, refund).method);
  if (behaviour === "fails_later") scheduleMove(ctx, refund, "succeeded", "failed", failsAfterMs);
  if (behaviour !== "pending_then_succeeds") return { status: "succeeded", pendingReason: null };
  scheduleMove(ctx, refund, "pending", "succeeded", succeedsAfterMs);
  return { status: "pending", pendingReason: "processing" };
}

function scheduleMove(
  ctx: Context,
  refund: Refund,
  from: Refund["status"],
  to: Refund["status"],
  delayMs: number,
): void {
  ctx.schedule(refundTimer, delayMs, { refund: refund.id, from, to });
}

/** pending → succeeded, with the withdrawal if it has not happened yet. */
export function succeed(ctx: Context, refund: Refund): Refund {
  const balanceTransaction = refund.balanceTransaction ?? withdraw(ctx, refund);
  const changes = { status: "succeeded", pendingReason: null, balanceTransaction } as const;
  const after = updateRefund(ctx, refund, changes, ["refund.updated"]);
  reviewCharge(ctx, chargeOf(ctx, after));
  return after;
}

/** requires_action → pending: the customer gave bank details, the money goes out. */
export function sendOut(ctx: Context, refund: Refund): Refund {
  const balanceTransaction = refund.balanceTransaction ?? withdraw(ctx, refund);
  const changes = {
    status: "pending",
    pendingReason: "processing",
    balanceTransaction,
    expiresAt: null,
  } as const;
  return updateRefund(ctx, refund, changes, ["refund.updated"]);
}

/** pending → requires_action: the bank sent the money back and asks for other details. */
export function requireAction(ctx: Context, refund: Refund): Refund {
  const email = refund.instructionsEmail ?? chargeOf(ctx, refund).email;
  const changes = {
    status: "requires_action",
    pendingReason: null,
    instructionsEmail: email,
    expiresAt: expiry(ctx.nowSeconds()),
  } as const;
  return updateRefund(ctx, refund, changes, ["refund.updated"]);
}

/** Until when the customer can act on a refund made at `now`; unix seconds. */
export function expiry(now: number): number {
  return now + 45 * 86_400;
}

/**
 * The refund is dead and its money back on the balance, through `failure_balance_transaction` where it had
 * left. A failure sends `refund.failed`, `refund.updated` and `charge.refund.updated` in any order; a
 * cancellation sends `refund.updated` alone.
 */
export function fail(
  ctx: Context,
  refund: Refund,
  status: "failed" | "canceled",
  reason: FailureReason,
): Refund {
  const charge = chargeOf(ctx, refund);
  const failureBalanceTransaction =
    refund.balanceTransaction === null
      ? null
      : book(ctx, {
          amount: refund.amount,
          currency: refund.currency,
          availableOn: ctx.nowSeconds(),
          type: "refund_failure",
          reportingCategory: "refund_failure",
          description: `REFUND FAILURE (${charge.description ?? charge.id})`,
          source: refund.id,
        }).id;
  const changes = {
    status,
    pendingReason: null,
    expiresAt: null,
    failureReason: reason,
    failureBalanceTransaction,
  };
  const events: readonly RefundEvent[] =
    status === "canceled"
      ? ["refund.updated"]
      : shuffled(ctx, ["refund.failed", "refund.updated", "charge.refund.updated"]);
  const after = updateRefund(ctx, refund, changes, events);
  reviewCharge(ctx, charge);
  payWaitingRefunds(ctx, refund.currency);
  return after;
}

function shuffled<T>(ctx: Context, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, rank: ctx.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/**
 * Sends refunds that wait for balance, oldest first, as far as the money goes. To be called whenever money
 * has arrived; looks again by itself when more of it matures.
 */
export function payWaitingRefunds(ctx: Context, currency: string): void {
  const waiting = ctx.collection(refunds).where("waitingCurrency", currency).reverse();
  for (const refund of waiting) {
    if (!covers(currentBalance(ctx, currency), refund.amount)) {
      awaitBalance(ctx, currency);
      return;
    }
    const withdrawn = { ...refund, balanceTransaction: withdraw(ctx, refund) };
    const next = afterWithdrawal(ctx, withdrawn);
    const changes = { ...next, balanceTransaction: withdrawn.balanceTransaction };
    const after = updateRefund(ctx, refund, changes, ["refund.updated"]);
    reviewCharge(ctx, chargeOf(ctx, after));
  }
}

/** Looks at the waiting refunds again when the next money becomes available. */
export function awaitBalance(ctx: Context, currency: string): void {
  const at = nextMaturity(currentBalance(ctx, currency));
  if (at !== undefined) ctx.schedule(balanceTimer, at * 1000 - ctx.nowMs(), { currency });
}
