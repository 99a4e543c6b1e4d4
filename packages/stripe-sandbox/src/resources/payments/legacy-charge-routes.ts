import { z } from "zod";
import type { Context } from "../../context.ts";
import { badRequest } from "../../errors.ts";
import { form, mergeMetadata } from "../../http/params.ts";
import { defineRoute } from "../../http/route.ts";
import { given } from "../given.ts";
import { checkChargeAmount } from "../money/check-charge-amount.ts";
import { displayAmount } from "../money/currencies.ts";
import { type Charge, formatCharge } from "./charge.ts";
import { declineError } from "./decline-error.ts";
import { findCharge, findCustomer } from "./find.ts";
import { cardKey, shippingParam } from "./payment-source.ts";
import { captureCharge, takePayment } from "./take-payment.ts";

const creation = z.strictObject({
  amount: form.integer({ minimum: 1 }),
  currency: form.text(),
  source: z
    .union([
      form.text(),
      z
        .strictObject({ number: form.text() })
        .loose()
        .transform(({ number }) => number),
    ])
    .optional(),
  card: form.text().optional(),
  application_fee_amount: form.integer({ minimum: 0 }).optional(),
  capture: form.boolean().optional(),
  customer: form.text().optional(),
  description: form.text().optional(),
  metadata: form.metadata().optional(),
  receipt_email: form.text().optional(),
  shipping: shippingParam.optional(),
  statement_descriptor: form.text(22).optional(),
  statement_descriptor_suffix: form.text(22).optional(),
  transfer_group: form.text().optional(),
});

/** The older way to charge, without a PaymentIntent: `source=tok_visa`. */
export const createCharge = defineRoute({
  method: "POST",
  path: "/v1/charges",
  params: creation,
  returns: "charge",
  run: (ctx, params) => {
    const currency = checkChargeAmount(params.amount, params.currency);
    const charge = payWithSource(ctx, params, currency);
    if (charge.status === "failed") throw declineError(charge, null);
    return formatCharge(charge);
  },
});

function payWithSource(ctx: Context, params: z.output<typeof creation>, currency: string): Charge {
  const customer = params.customer === undefined ? null : findCustomer(ctx, params.customer);
  const source = params.source ?? params.card;
  if (source === undefined) {
    throw badRequest(
      customer ? "Cannot charge a customer that has no active card" : "Must provide source or customer.",
      customer ? { code: "missing", param: "card" } : {},
    );
  }
  if (params.application_fee_amount !== undefined && ctx.application === null) {
    throw badRequest("You can only apply an application_fee_amount with the Stripe-Account header.", {
      param: "application_fee_amount",
    });
  }
  return takePayment(ctx, {
    amount: params.amount,
    currency,
    method: cardKey(source, "source"),
    capture: params.capture ?? true,
    legacy: true,
    paymentIntent: null,
    customer: customer?.id ?? null,
    name: customer?.name ?? null,
    email: customer?.email ?? null,
    description: params.description ?? null,
    metadata: mergeMetadata({}, params.metadata),
    receiptEmail: params.receipt_email ?? null,
    statementDescriptor: params.statement_descriptor ?? null,
    statementDescriptorSuffix: params.statement_descriptor_suffix ?? null,
    transferGroup: params.transfer_group ?? null,
    shipping: params.shipping ?? null,
    application: ctx.application,
    applicationFeeAmount: params.application_fee_amount ?? null,
  });
}

/** Capturing a charge that was authorized with `capture=false`. */
export const captureLegacyCharge = defineRoute({
  method: "POST",
  path: "/v1/charges/:id/capture",
  params: z.strictObject({
    amount: form.integer({ minimum: 1 }).optional(),
    application_fee_amount: form.integer({ minimum: 0 }).optional(),
    receipt_email: form.text().optional(),
    statement_descriptor: form.text(22).optional(),
    statement_descriptor_suffix: form.text(22).optional(),
    transfer_group: form.text().optional(),
  }),
  returns: "charge",
  lock: (_ctx, _params, { id }) => id,
  run: (ctx, params, { id }) => {
    const charge = findCharge(ctx, id);
    const amount = params.amount ?? charge.amount;
    checkCapturable(charge, amount);
    return formatCharge(
      captureCharge(
        ctx,
        charge,
        amount,
        given({
          applicationFeeAmount: params.application_fee_amount,
          receiptEmail: params.receipt_email,
          transferGroup: params.transfer_group,
        }),
      ),
    );
  },
});

function checkCapturable(charge: Charge, amount: number): void {
  const { id, captured, currency, paymentIntent, released, status } = charge;
  if (captured) {
    throw badRequest(`Charge ${id} has already been captured.`, { code: "charge_already_captured" });
  }
  if (status === "failed" || released) {
    throw badRequest(`Charge ${id} cannot be captured: it failed, was refunded or was canceled.`, {
      code: "capture_unauthorized_payment",
    });
  }
  if (paymentIntent !== null) {
    throw badRequest(
      `Charge ${id} was made by a PaymentIntent. Capture that instead: POST /v1/payment_intents/${paymentIntent}/capture`,
    );
  }
  if (amount > charge.amount) {
    const [wanted, held] = [displayAmount(amount, currency), displayAmount(charge.amount, currency)];
    throw badRequest(`Amount to capture (${wanted}) is greater than the authorized amount (${held}).`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
}
