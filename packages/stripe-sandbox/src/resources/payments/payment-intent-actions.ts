import type Stripe from "stripe";
import type { Context } from "../../context.ts";
import { badRequest, SandboxError } from "../../errors.ts";
import { charges, customers, paymentIntents } from "../collections.ts";
import { displayAmount } from "../money/currencies.ts";
import { previousAttributes } from "../previous-attributes.ts";
import type { Charge } from "./charge.ts";
import { declineError } from "./decline-error.ts";
import { formatPaymentIntent, type PaymentIntent } from "./payment-intent.ts";
import { captureCharge, takePayment } from "./take-payment.ts";

type IntentEvent =
  | "payment_intent.amount_capturable_updated"
  | "payment_intent.canceled"
  | "payment_intent.payment_failed"
  | "payment_intent.succeeded";

function store(ctx: Context, intent: PaymentIntent, event?: IntentEvent): PaymentIntent {
  const stored = ctx.collection(paymentIntents).put(intent);
  if (event) ctx.emit(event, formatPaymentIntent(stored));
  return stored;
}

/** 400 `payment_intent_unexpected_state`, with the intent in the error as on the wire. */
function unexpectedState(intent: PaymentIntent, verb: string, allowed: string): SandboxError {
  return new SandboxError({
    status: 400,
    code: "payment_intent_unexpected_state",
    message: `This PaymentIntent could not be ${verb} because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${verb}: ${allowed}.`,
    extra: { payment_intent: formatPaymentIntent(intent) },
  });
}

/**
 * Charges the intent's payment method.
 * @throws SandboxError 402 when the issuer declines (the failed charge stays), 400 in a wrong status
 */
export function confirmIntent(ctx: Context, intent: PaymentIntent): PaymentIntent {
  if (intent.status !== "requires_confirmation" && intent.status !== "requires_payment_method") {
    throw unexpectedState(intent, "confirmed", "requires_payment_method, requires_confirmation");
  }
  const { method } = intent;
  if (method === null) {
    throw badRequest(
      "You cannot confirm this PaymentIntent because it's missing a payment method. Update it with one, then confirm it again.",
      { code: "payment_intent_unexpected_state" },
    );
  }
  const charge = payIntent(ctx, intent, method);
  if (charge.status === "failed") throw failIntent(ctx, intent, charge);
  const paid = { ...intent, latestCharge: charge.id, paymentMethod: charge.paymentMethod, lastDecline: null };
  if (!charge.captured) {
    return store(ctx, { ...paid, status: "requires_capture" }, "payment_intent.amount_capturable_updated");
  }
  return store(
    ctx,
    { ...paid, status: "succeeded", amountReceived: charge.amount },
    "payment_intent.succeeded",
  );
}

function payIntent(ctx: Context, intent: PaymentIntent, method: string): Charge {
  const payer = intent.customer === null ? undefined : ctx.collection(customers).get(intent.customer);
  return takePayment(ctx, {
    amount: intent.amount,
    currency: intent.currency,
    method,
    capture: intent.captureMethod !== "manual",
    legacy: false,
    paymentIntent: intent.id,
    customer: intent.customer,
    name: intent.name ?? payer?.name ?? null,
    email: intent.email ?? payer?.email ?? null,
    description: intent.description,
    metadata: intent.metadata,
    receiptEmail: intent.receiptEmail,
    statementDescriptor: intent.statementDescriptor,
    statementDescriptorSuffix: intent.statementDescriptorSuffix,
    transferGroup: intent.transferGroup,
    shipping: intent.shipping,
    application: intent.application,
    ...(intent.paymentMethod === null ? {} : { paymentMethod: intent.paymentMethod }),
    applicationFeeAmount: intent.applicationFeeAmount,
  });
}

/** After a decline the intent waits for another payment method. */
function failIntent(ctx: Context, intent: PaymentIntent, charge: Charge): SandboxError {
  const failed = store(
    ctx,
    {
      ...intent,
      status: "requires_payment_method",
      method: null,
      paymentMethod: null,
      latestCharge: charge.id,
      lastDecline: charge.decline && { ...charge.decline, charge: charge.id },
    },
    "payment_intent.payment_failed",
  );
  return declineError(charge, formatPaymentIntent(failed));
}

/**
 * Captures an authorized intent, all of it or `amount` minor units.
 * @throws SandboxError 400 when it is not authorized, or not for that much
 */
export function captureIntent(
  ctx: Context,
  intent: PaymentIntent,
  amount: number | undefined,
  applicationFeeAmount: number | undefined,
): PaymentIntent {
  const charge = intent.latestCharge === null ? undefined : ctx.collection(charges).get(intent.latestCharge);
  if (intent.status !== "requires_capture" || !charge) {
    throw unexpectedState(intent, "captured", "requires_capture");
  }
  const capturing = amount ?? intent.amount;
  if (capturing > intent.amount) {
    const [wanted, held] = [capturing, intent.amount].map((value) => displayAmount(value, intent.currency));
    throw badRequest(
      `The amount to capture (${wanted}) is greater than what this PaymentIntent can still capture (${held}).`,
      { code: "amount_too_large", param: "amount_to_capture" },
    );
  }
  const fee = applicationFeeAmount === undefined ? {} : { applicationFeeAmount };
  captureCharge(ctx, charge, capturing, fee);
  return store(
    ctx,
    { ...intent, ...fee, status: "succeeded", amountReceived: capturing },
    "payment_intent.succeeded",
  );
}

/**
 * Cancels an intent that was not paid; an authorization is given back without a Refund object
 * (Stripe: since 2025-03-31.basil).
 */
export function cancelIntent(
  ctx: Context,
  intent: PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): PaymentIntent {
  if (intent.status === "succeeded" || intent.status === "canceled") {
    throw unexpectedState(
      intent,
      "canceled",
      "requires_payment_method, requires_capture, requires_confirmation, requires_action, processing",
    );
  }
  const charge = intent.latestCharge === null ? undefined : ctx.collection(charges).get(intent.latestCharge);
  if (charge && intent.status === "requires_capture")
    ctx.collection(charges).put({ ...charge, released: true });
  return store(
    ctx,
    { ...intent, status: "canceled", canceledAt: ctx.nowSeconds(), cancellationReason: reason },
    "payment_intent.canceled",
  );
}

/** Changes what may still be changed and sends no event, as Stripe does for updates. */
export function updateIntent(
  ctx: Context,
  intent: PaymentIntent,
  changes: Partial<PaymentIntent>,
): PaymentIntent {
  const after = { ...intent, ...changes };
  const changed = previousAttributes(formatPaymentIntent(intent), formatPaymentIntent(after));
  const settled = intent.status === "succeeded" || intent.status === "canceled";
  const fixed = Object.keys(changed).find(
    (name) => !["description", "metadata", "receipt_email"].includes(name),
  );
  if (settled && fixed !== undefined) {
    throw new SandboxError({
      status: 400,
      code: "payment_intent_unexpected_state",
      param: fixed,
      message: `This PaymentIntent's ${fixed} could not be updated because it has a status of ${intent.status}.`,
      extra: { payment_intent: formatPaymentIntent(intent) },
    });
  }
  return store(ctx, after);
}
