import type { Context } from "../../context.ts";
import { badRequest, noSuch, type SandboxError } from "../../errors.ts";
import { charges, disputes, paymentIntents, refunds } from "../collections.ts";
import { allowsRefund } from "../disputes/dispute.ts";
import { currencyOf, displayAmount } from "../money/currencies.ts";
import type { Charge } from "../payments/charge.ts";
import { findCharge } from "../payments/find.ts";
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

/** The charge that a refund of this request is about. */
export function findRefundable(
  ctx: Context,
  { charge: chargeId, payment_intent: intentId }: Pick<RefundRequest, "charge" | "payment_intent">,
): Charge {
  if (chargeId !== undefined && intentId !== undefined) {
    throw badRequest("You may only specify one of these parameters: charge, payment_intent.", {
      code: "parameters_exclusive",
    });
  }
  if (chargeId !== undefined) {
    return findCharge(ctx, chargeId);
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

/**
 * failed → uncaptured → disputed → already refunded → amount. Answers what is to be refunded, in minor
 * units. The order of the checks is the one seen on the wire.
 * @throws SandboxError 400
 */
export function checkAmount(ctx: Context, charge: Charge, { amount, currency }: RefundRequest): number {
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

/** @throws SandboxError 400 when the currency has no such amount (Stripe: supported currencies) */
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

/** @throws SandboxError 400 for what this charge does not have */
export function checkExtras(ctx: Context, charge: Charge, request: RefundRequest): void {
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
