import type Stripe from "stripe";
import { z } from "zod";
import type { Context } from "../../context.ts";
import { badRequest, noSuch } from "../../errors.ts";
import { listPage } from "../../http/lists.ts";
import { form, listParams, mergeMetadata } from "../../http/params.ts";
import { defineRoute, type Route } from "../../http/route.ts";
import { charges, customers } from "../collections.ts";
import { checkChargeAmount } from "../money/check-charge-amount.ts";
import { displayAmount } from "../money/currencies.ts";
import { previousAttributes } from "../previous-attributes.ts";
import { type Charge, formatCharge } from "./charge.ts";
import { searchCharges } from "./charge-search.ts";
import { declineError } from "./decline-error.ts";
import { cardKey, shippingParam } from "./payment-source.ts";
import { captureCharge, takePayment } from "./take-payment.ts";

function findCharge(ctx: Context, id: string): Charge {
  const charge = ctx.collection(charges).get(id);
  if (!charge) throw noSuch("charge", id, "id");
  return charge;
}

function findCustomer(ctx: Context, id: string) {
  const customer = ctx.collection(customers).get(id);
  if (!customer) throw noSuch("customer", id, "customer");
  return customer;
}

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
const create = defineRoute({
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

const retrieve = defineRoute({
  method: "GET",
  path: "/v1/charges/:id",
  params: z.strictObject({}),
  returns: "charge",
  run: (ctx, _params, { id }) => formatCharge(findCharge(ctx, id)),
});

/** No filter by status, amount or refund: Stripe has none (contract sheet 6). */
const list = defineRoute({
  method: "GET",
  path: "/v1/charges",
  params: z.strictObject({
    ...listParams,
    customer: form.text().optional(),
    payment_intent: form.text().optional(),
    transfer_group: form.text().optional(),
  }),
  returns: { list: "charge" },
  run: (ctx, params) => {
    const { customer, payment_intent, transfer_group } = params;
    return listPage(ctx, charges, params, {
      url: "/v1/charges",
      noun: "charge",
      format: formatCharge,
      index: payment_intent === undefined ? undefined : { name: "paymentIntent", value: payment_intent },
      filter: (charge) =>
        (customer === undefined || charge.customer === customer) &&
        (transfer_group === undefined || charge.transferGroup === transfer_group),
    });
  },
});

const search = defineRoute({
  method: "GET",
  path: "/v1/charges/search",
  params: z.strictObject({
    query: form.text(),
    limit: form.integer().optional(),
    page: form.text().optional(),
  }),
  returns: { search: "charge" },
  run: (ctx, params, _path, expand) =>
    searchCharges(ctx, { ...params, counted: expand.includes("total_count") }),
});

const update = defineRoute({
  method: "POST",
  path: "/v1/charges/:id",
  params: z.strictObject({
    customer: form.text().optional(),
    description: form.clearable(form.text()).optional(),
    fraud_details: z
      .strictObject({ user_report: form.clearable(form.oneOf(["fraudulent", "safe"])) })
      .optional(),
    metadata: form.metadata().optional(),
    receipt_email: form.clearable(form.text()).optional(),
    shipping: shippingParam.optional(),
    transfer_group: form.text().optional(),
  }),
  returns: "charge",
  lock: (_ctx, _params, { id }) => id,
  run: (ctx, params, { id }) => {
    const charge = findCharge(ctx, id);
    if (params.customer !== undefined) findCustomer(ctx, params.customer);
    return changeCharge(ctx, charge, {
      metadata: mergeMetadata(charge.metadata, params.metadata),
      ...(params.customer === undefined ? {} : { customer: params.customer }),
      ...(params.description === undefined ? {} : { description: params.description }),
      ...(params.fraud_details === undefined ? {} : { fraudReport: params.fraud_details.user_report }),
      ...(params.receipt_email === undefined ? {} : { receiptEmail: params.receipt_email }),
      ...(params.shipping === undefined ? {} : { shipping: params.shipping }),
      ...(params.transfer_group === undefined ? {} : { transferGroup: params.transfer_group }),
    });
  },
});

function changeCharge(ctx: Context, charge: Charge, changes: Partial<Charge>): Stripe.Charge {
  const after = ctx.collection(charges).put({ ...charge, ...changes });
  const object = formatCharge(after);
  const previous = previousAttributes(formatCharge(charge), object);
  if (Object.keys(previous).length > 0) ctx.emit("charge.updated", object, previous);
  return object;
}

const capture = defineRoute({
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
      captureCharge(ctx, charge, amount, {
        ...(params.application_fee_amount === undefined
          ? {}
          : { applicationFeeAmount: params.application_fee_amount }),
        ...(params.receipt_email === undefined ? {} : { receiptEmail: params.receipt_email }),
        ...(params.transfer_group === undefined ? {} : { transferGroup: params.transfer_group }),
      }),
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

export const chargeRoutes: readonly Route[] = [create, retrieve, list, search, update, capture];
