import type { Context } from "../../context.ts";
import { badRequest, SandboxError } from "../../errors.ts";
import { refunds } from "../collections.ts";
import { covers } from "../money/balance.ts";
import { currentBalance } from "../money/book.ts";
import type { Charge } from "../payments/charge.ts";
import { testPaymentMethod } from "../payments/test-payment-methods.ts";
import { checkAmount, checkExtras, findRefundable, type RefundRequest } from "./check-refund.ts";
import { afterWithdrawal, awaitBalance, expiry, withdraw } from "./move-refund.ts";
import { formatRefund, type Refund } from "./refund.ts";
import { reviewCharge } from "./refund-effects.ts";

/**
 * Makes a refund and whatever it changes; all left is refunded unless `amount` (minor units) says otherwise.
 * @throws SandboxError 400 or 404; nothing has changed then
 */
export function createRefund(ctx: Context, request: RefundRequest): Refund {
  const charge = findRefundable(ctx, request);
  const amount = checkAmount(ctx, charge, request);
  checkExtras(ctx, charge, request);
  const draft = draftRefund(ctx, charge, amount, request);
  const refund = ctx.collection(refunds).put(startRefund(ctx, charge, draft));
  ctx.emit("refund.created", formatRefund(refund));
  const fraud = request.reason === "fraudulent" ? { fraudReport: "fraudulent" as const } : {};
  reviewCharge(ctx, charge, charge.captured ? fraud : { ...fraud, released: true });
  if (refund.pendingReason === "insufficient_funds") awaitBalance(ctx, refund.currency);
  return refund;
}

function draftRefund(ctx: Context, charge: Charge, amount: number, request: RefundRequest): Refund {
  const { type } = testPaymentMethod(charge.method);
  return {
    id: ctx.id(type === "card" ? "re_3" : "pyr_1"),
    created: ctx.nowSeconds(),
    charge: charge.id,
    paymentIntent: charge.paymentIntent,
    paymentMethod: charge.paymentMethod,
    customer: charge.customer,
    amount,
    currency: charge.currency,
    status: "pending",
    reason: request.reason ?? null,
    metadata: request.metadata,
    balanceTransaction: null,
    failureBalanceTransaction: null,
    failureReason: null,
    pendingReason: null,
    destination:
      type === "konbini"
        ? "jp_bank_transfer"
        : type === "us_bank_account"
          ? "us_bank_transfer"
          : charge.captured
            ? "card_refund"
            : "card_reversal",
    reference: null,
    instructionsEmail: request.instructions_email ?? null,
    expiresAt: null,
    applicationFeeRefunded: request.refund_application_fee ?? false,
    madeBy: ctx.request && { requestId: ctx.request.id, idempotencyKey: ctx.request.idempotencyKey },
    madeMs: ctx.nowMs(),
  };
}

/** The status at creation: by payment method, and by whether the balance allows it (Stripe: refunds). */
function startRefund(ctx: Context, charge: Charge, draft: Refund): Refund {
  if (!charge.captured) return { ...draft, status: "succeeded" };
  const method = testPaymentMethod(charge.method);
  if (method.refund === "requires_action") return askCustomer(charge, draft);
  if (!covers(currentBalance(ctx, draft.currency), draft.amount)) {
    if (method.type === "card") return { ...draft, pendingReason: "insufficient_funds" };
    throw new SandboxError({
      status: 400,
      code: "insufficient_funds",
      message: "Your balance does not cover this refund. Add funds to it, then try again.",
    });
  }
  return { ...draft, balanceTransaction: withdraw(ctx, draft), ...afterWithdrawal(ctx, draft) };
}

function askCustomer(charge: Charge, draft: Refund): Refund {
  const email = draft.instructionsEmail ?? charge.email ?? charge.receiptEmail;
  if (email === null) {
    throw badRequest("Missing required param: instructions_email.", {
      code: "parameter_missing",
      param: "instructions_email",
    });
  }
  return {
    ...draft,
    status: "requires_action",
    instructionsEmail: email,
    expiresAt: expiry(draft.created),
  };
}
