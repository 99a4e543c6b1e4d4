import type { Context } from "../../context.ts";
import { badRequest } from "../../errors.ts";
import { charges, earlyFraudWarnings } from "../collections.ts";
import {
  type EarlyFraudWarning,
  type FraudType,
  formatEarlyFraudWarning,
} from "../disputes/early-fraud-warning.ts";
import { raiseDispute } from "../disputes/raise-dispute.ts";
import { collectFee } from "../fees/move-fee.ts";
import { book } from "../money/book.ts";
import { availableOn } from "../money/fees.ts";
import { previousAttributes } from "../previous-attributes.ts";
import { payWaitingRefunds } from "../refunds/move-refund.ts";
import { type Charge, formatCharge } from "./charge.ts";
import { newCharge } from "./new-charge.ts";
import { paymentMovement } from "./payment-movement.ts";
import { testPaymentMethod } from "./test-payment-methods.ts";

export type PaymentRequest = { capture: boolean } & Partial<Pick<Charge, "paymentMethod">> &
  Pick<
    Charge,
    | "amount"
    | "application"
    | "applicationFeeAmount"
    | "currency"
    | "customer"
    | "description"
    | "email"
    | "legacy"
    | "metadata"
    | "method"
    | "name"
    | "paymentIntent"
    | "receiptEmail"
    | "shipping"
    | "statementDescriptor"
    | "statementDescriptorSuffix"
    | "transferGroup"
  >;

/**
 * Charges a test payment method: the answer is the charge, failed when the issuer declined. Test cards that
 * raise a dispute or a fraud warning do so at once, in the order seen on the wire: charge, dispute, funds, then
 * the PaymentIntent.
 * @throws SandboxError 400 for a later capture of anything but a card
 */
export function takePayment(ctx: Context, request: PaymentRequest): Charge {
  const { type } = testPaymentMethod(request.method);
  if (!request.capture && type !== "card") {
    throw badRequest(`Payments by ${type} cannot be captured later: only cards can hold money.`, {
      param: "capture_method",
    });
  }
  const draft = draftCharge(ctx, request);
  const charge = ctx.collection(charges).put(request.capture ? settle(ctx, draft) : draft);
  ctx.emit(charge.status === "failed" ? "charge.failed" : "charge.succeeded", formatCharge(charge));
  if (charge.status === "failed") return charge;
  return charge.captured ? afterPayment(ctx, charge) : charge;
}

/** Takes the money of an authorized charge, all of it or less; the rest of the hold is given back. */
export function captureCharge(
  ctx: Context,
  charge: Charge,
  amount: number,
  changes: Partial<Charge> = {},
): Charge {
  const after = ctx.collection(charges).put(settle(ctx, { ...charge, ...changes, amountCaptured: amount }));
  const object = formatCharge(after);
  ctx.emit("charge.captured", object, previousAttributes(formatCharge(charge), object));
  return afterPayment(ctx, after);
}

/** What money that has come in sets off: refunds that waited for it, and what the test card stands for. */
function afterPayment(ctx: Context, charge: Charge): Charge {
  const { dispute, earlyFraudWarning } = testPaymentMethod(charge.method);
  payWaitingRefunds(ctx, charge.currency);
  if (earlyFraudWarning) warn(ctx, charge, earlyFraudWarning);
  if (dispute) raiseDispute(ctx, charge, { ...dispute, amount: charge.amountCaptured });
  return ctx.collection(charges).get(charge.id) ?? charge;
}

/** The card network reports a charge as fraud. */
export function warn(ctx: Context, charge: Charge, fraudType: FraudType): EarlyFraudWarning {
  const warning = ctx.collection(earlyFraudWarnings).put({
    id: ctx.id("issfr_1"),
    created: ctx.nowSeconds(),
    charge: charge.id,
    paymentIntent: charge.paymentIntent,
    fraudType,
    actionable: charge.dispute === null && charge.amountRefunded < charge.amountCaptured,
  });
  ctx.emit("radar.early_fraud_warning.created", formatEarlyFraudWarning(warning));
  return warning;
}

function draftCharge(ctx: Context, { capture, ...fields }: PaymentRequest): Charge {
  const draft = newCharge(ctx, fields);
  if (draft.status === "failed") return { ...draft, applicationFeeAmount: null };
  return { ...draft, amountCaptured: capture ? draft.amount : 0 };
}

function settle(ctx: Context, charge: Charge): Charge {
  if (charge.status === "failed") return charge;
  const { bypassPending } = testPaymentMethod(charge.method);
  const movement = paymentMovement(charge, availableOn(ctx.nowSeconds(), bypassPending));
  const { application, applicationFee: amount, availableOn: at, currency } = movement;
  const { id } = book(ctx, movement);
  const applicationFee =
    application === null || amount === 0
      ? null
      : collectFee(ctx, { charge: charge.id, application, amount, currency, availableOn: at });
  return { ...charge, captured: true, balanceTransaction: id, applicationFee };
}
