import type { Context } from "../../context.ts";
import { badRequest, noSuch, SandboxError } from "../../errors.ts";
import { charges, disputes, paymentIntents, refunds } from "../collections.ts";
import { allowsRefund } from "../disputes/dispute.ts";
import { covers } from "../money/balance.ts";
import { currentBalance } from "../money/book.ts";
import { currencyOf, displayAmount } from "../money/currencies.ts";
import type { Charge } from "../payments/charge.ts";
import { testPaymentMethod } from "../payments/test-payment-methods.ts";
import { afterWithdrawal, awaitBalance, expiry, withdraw } from "./move-refund.ts";
import { formatRefund, type Refund } from "./refund.ts";
import { reviewCharge } from "./refund-effects.ts";
import { liveAmount } from "./refund-status.ts";

export type RefundRequest = Readonly<{
  charge?: string | undefined;
  payment_intent?: string | undefined;
  amount?: number | undefined;
  currency?: string | undefined;
  reason?: "duplicate" | "fraudulent" | "requested_by_customer" | undefined;
  metadata: Record<string, string>;
  instructions_email?: string | undefined;
  refund_application_fee?: boolean | undefined;
  reverse_transfer?: boolean | undefined;
}>;

/**
 * Makes a refund and whatever it changes; all left is refunded unless `amount` (minor units) says otherwise.
 * Errors and their order: contract sheet 4.5.
 * @throws SandboxError 400 or 404; nothing has changed then
 */
export function createRefund(ctx: Context, request: RefundRequest): Refund {
  const charge = findCharge(ctx, request);
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

/** The charge that a refund of this request is about; also the object that the request locks. */
export function findCharge(
  ctx: Context,
  { charge: chargeId, payment_intent: intentId }: Pick<RefundRequest, "charge" | "payment_intent">,
): Charge {
  if (chargeId !== undefined && intentId !== undefined) {
    throw badRequest("You may only specify one of these parameters: charge, payment_intent.", {
      code: "parameters_exclusive",
    });
  }
  if (chargeId !== undefined) {
    const charge = ctx.collection(charges).get(chargeId);
    if (!charge) throw noSuch("charge", chargeId, "id");
    return charge;
  }
  if (intentId === undefined) {
    throw badRequest(
      "One of the following params should be provided for this request: payment_intent or charge.",
    );
  }
  const intent = ctx.collection(paymentIntents).get(intentId);
  if (!intent) throw noSuch("payment_intent", intentId, "payment_intent");
  const charge = intent.latestCharge === null ? undefined : ctx.collection(charges).get(intent.latestCharge);
  if (!charge || charge.status === "failed" || intent.status === "canceled") {
    throw badRequest(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`);
  }
  return charge;
}

/** failed → uncaptured → disputed → already refunded → amount. Answers what is to be refunded. */
function checkAmount(ctx: Context, charge: Charge, { amount, currency }: RefundRequest): number {
  if (charge.status === "failed") {
    throw badRequest(`Charge ${charge.id} has failed, so there is nothing to refund.`);
  }
  if (!charge.captured) return checkUncaptured(charge, amount);
  const dispute = charge.dispute === null ? undefined : ctx.collection(disputes).get(charge.dispute);
  if (dispute && !allowsRefund(dispute.status)) {
    throw badRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: "charge_disputed",
    });
  }
  const left = charge.amountCaptured - liveAmount(ctx.collection(refunds).where("charge", charge.id));
  if (left <= 0) throw alreadyRefunded(charge);
  if (currency !== undefined && currency.toLowerCase() !== charge.currency) {
    throw badRequest(`The currency of a refund must be the one of the charge (${charge.currency}).`, {
      param: "currency",
    });
  }
  if (amount === undefined) return left;
  checkLimits(amount, charge.currency);
  if (amount > left) {
    const [wanted, rest] = [displayAmount(amount, charge.currency), displayAmount(left, charge.currency)];
    throw badRequest(`Refund amount (${wanted}) is greater than unrefunded amount on charge (${rest})`, {
      param: "amount",
    });
  }
  return amount;
}

function alreadyRefunded({ id }: Charge): SandboxError {
  return badRequest(`Charge ${id} has already been refunded.`, { code: "charge_already_refunded" });
}

function checkUncaptured(charge: Charge, amount: number | undefined): number {
  if (charge.paymentIntent !== null) {
    throw badRequest(
      `Charge ${charge.id} has not been captured. Cancel its PaymentIntent (${charge.paymentIntent}) instead of refunding it.`,
    );
  }
  if (charge.released) throw alreadyRefunded(charge);
  if (amount !== undefined && amount !== charge.amount) {
    throw badRequest(
      `Charge ${charge.id} has not been captured, so it cannot be refunded in part. Capture less instead.`,
      { param: "amount" },
    );
  }
  return charge.amount;
}

/** @throws SandboxError 400 when the currency has no such amount (contract sheet 4.8) */
function checkLimits(amount: number, code: string): void {
  const { granularity, maximum } = currencyOf(code);
  if (amount > maximum) {
    throw badRequest(`Amount must be no more than ${displayAmount(maximum, code)}`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
  if (amount % granularity !== 0) {
    throw badRequest(`Invalid amount: in ${code} it must be a multiple of ${granularity}.`, {
      param: "amount",
    });
  }
}

function checkExtras(ctx: Context, charge: Charge, request: RefundRequest): void {
  if (request.reverse_transfer) {
    throw badRequest(
      `Cannot reverse transfer on charge ${charge.id} because it does not have an associated transfer.`,
      { param: "reverse_transfer" },
    );
  }
  if (
    request.refund_application_fee &&
    charge.application !== null &&
    charge.application !== ctx.application
  ) {
    throw badRequest(
      `Only the application that created charge ${charge.id} can refund its application fee.`,
      { param: "refund_application_fee" },
    );
  }
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
  };
}

/** The status at creation: by payment method, and by whether the balance allows it (contract sheet 4.4). */
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
