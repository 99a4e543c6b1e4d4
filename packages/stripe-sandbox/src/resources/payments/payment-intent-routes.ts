import { z } from "zod";
import type { Context } from "../../context.ts";
import { badRequest, noSuch } from "../../errors.ts";
import { listPage } from "../../http/lists.ts";
import { form, listParams, mergeMetadata } from "../../http/params.ts";
import { defineRoute, type Route } from "../../http/route.ts";
import { customers, paymentIntents } from "../collections.ts";
import { checkChargeAmount } from "../money/check-charge-amount.ts";
import { newPaymentIntent } from "./new-payment-intent.ts";
import { formatPaymentIntent, type PaymentIntent } from "./payment-intent.ts";
import { cancelIntent, captureIntent, confirmIntent, updateIntent } from "./payment-intent-actions.ts";
import { paymentMethodData, paymentMethodKey, shippingParam } from "./payment-source.ts";
import { testPaymentMethod } from "./test-payment-methods.ts";

/** What a payment is made of; creating and updating take these. */
const shared = {
  application_fee_amount: form.integer({ minimum: 0 }).optional(),
  customer: form.text().optional(),
  description: form.clearable(form.text()).optional(),
  metadata: form.metadata().optional(),
  payment_method: form.text().optional(),
  payment_method_data: paymentMethodData.optional(),
  allowed_payment_method_types: z.array(form.text()).optional(),
  excluded_payment_method_types: z.array(form.text()).optional(),
  /** API versions before 2026-10-28 call the allowed ones so. */
  payment_method_types: z.array(form.text()).optional(),
  receipt_email: form.clearable(form.text()).optional(),
  setup_future_usage: form.oneOf(["off_session", "on_session"]).optional(),
  shipping: shippingParam.optional(),
  statement_descriptor: form.clearable(form.text(22)).optional(),
  statement_descriptor_suffix: form.clearable(form.text(22)).optional(),
  transfer_group: form.text().optional(),
  capture_method: form.oneOf(["automatic", "automatic_async", "manual"]).optional(),
};
const sharedObject = z.strictObject(shared);
type Shared = z.output<typeof sharedObject>;

/** Accepted, and without effect here: no test card of the sandbox asks the customer for anything. */
const inert = {
  error_on_requires_action: form.boolean().optional(),
  off_session: form.text().optional(),
  return_url: form.text().optional(),
  use_stripe_sdk: form.boolean().optional(),
};

function findIntent(ctx: Context, id: string): PaymentIntent {
  const intent = ctx.collection(paymentIntents).get(id);
  if (!intent) throw noSuch("payment_intent", id, "intent");
  return intent;
}

/** @throws SandboxError 404 for an unknown customer, 400 for a fee that nobody could receive */
function checkShared(ctx: Context, { customer, application_fee_amount: fee }: Shared, amount: number): void {
  if (customer !== undefined && !ctx.collection(customers).get(customer)) {
    throw noSuch("customer", customer, "customer");
  }
  if (fee === undefined) return;
  if (ctx.application === null) {
    throw badRequest(
      "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (with the Stripe-Account header).",
      { param: "application_fee_amount" },
    );
  }
  if (fee > amount) {
    throw badRequest("The application_fee_amount must not be greater than the amount.", {
      param: "application_fee_amount",
    });
  }
}

/** The members of a PaymentIntent that the parameters set; what is not given is not in the answer. */
function changesFrom(ctx: Context, params: Shared, intent: PaymentIntent): Partial<PaymentIntent> {
  const method = paymentMethodKey(params.payment_method, params.payment_method_data);
  const billing = params.payment_method_data?.billing_details;
  const { status } = intent;
  const allowed = params.allowed_payment_method_types ?? params.payment_method_types;
  return {
    metadata: mergeMetadata(intent.metadata, params.metadata),
    ...(params.application_fee_amount === undefined
      ? {}
      : { applicationFeeAmount: params.application_fee_amount }),
    ...(params.customer === undefined ? {} : { customer: params.customer }),
    ...(params.description === undefined ? {} : { description: params.description }),
    ...(params.receipt_email === undefined ? {} : { receiptEmail: params.receipt_email }),
    ...(params.setup_future_usage === undefined ? {} : { setupFutureUsage: params.setup_future_usage }),
    ...(params.shipping === undefined ? {} : { shipping: params.shipping }),
    ...(params.statement_descriptor === undefined
      ? {}
      : { statementDescriptor: params.statement_descriptor }),
    ...(params.statement_descriptor_suffix === undefined
      ? {}
      : { statementDescriptorSuffix: params.statement_descriptor_suffix }),
    ...(params.transfer_group === undefined ? {} : { transferGroup: params.transfer_group }),
    ...(params.capture_method === undefined ? {} : { captureMethod: params.capture_method }),
    ...(billing?.name === undefined ? {} : { name: billing.name }),
    ...(billing?.email === undefined ? {} : { email: billing.email }),
    ...(allowed === undefined ? {} : { paymentMethodTypes: allowed }),
    ...(params.allowed_payment_method_types === undefined
      ? {}
      : { allowedPaymentMethodTypes: params.allowed_payment_method_types }),
    ...(params.excluded_payment_method_types === undefined
      ? {}
      : { excludedPaymentMethodTypes: params.excluded_payment_method_types }),
    ...(method === undefined
      ? {}
      : {
          method,
          paymentMethod: ctx.id("pm_1"),
          status: status === "requires_payment_method" ? "requires_confirmation" : status,
          ...(allowed ? {} : { paymentMethodTypes: [testPaymentMethod(method).type] }),
        }),
  };
}

const create = defineRoute({
  method: "POST",
  path: "/v1/payment_intents",
  params: z.strictObject({
    ...shared,
    ...inert,
    amount: form.integer({ minimum: 1 }),
    currency: form.text(),
    automatic_payment_methods: z
      .strictObject({
        enabled: form.boolean(),
        allow_redirects: form.oneOf(["always", "never"]).optional(),
      })
      .optional(),
    confirm: form.boolean().optional(),
    confirmation_method: form.oneOf(["automatic", "manual"]).optional(),
  }),
  returns: "payment_intent",
  run: (ctx, params) => {
    const blank = newPaymentIntent(ctx, params.amount, checkChargeAmount(params.amount, params.currency));
    checkShared(ctx, params, params.amount);
    const intent = ctx.collection(paymentIntents).put({
      ...blank,
      ...changesFrom(ctx, params, blank),
      automaticPaymentMethods:
        params.automatic_payment_methods?.enabled ??
        (params.allowed_payment_method_types ?? params.payment_method_types) === undefined,
      confirmationMethod: params.confirmation_method ?? "automatic",
    });
    ctx.emit("payment_intent.created", formatPaymentIntent(intent));
    return formatPaymentIntent(params.confirm ? confirmIntent(ctx, intent) : intent);
  },
});

const retrieve = defineRoute({
  method: "GET",
  path: "/v1/payment_intents/:id",
  params: z.strictObject({ client_secret: form.text().optional() }),
  returns: "payment_intent",
  run: (ctx, _params, { id }) => formatPaymentIntent(findIntent(ctx, id)),
});

const list = defineRoute({
  method: "GET",
  path: "/v1/payment_intents",
  params: z.strictObject({ ...listParams, customer: form.text().optional() }),
  returns: { list: "payment_intent" },
  run: (ctx, params) =>
    listPage(ctx, paymentIntents, params, {
      url: "/v1/payment_intents",
      noun: "payment_intent",
      format: formatPaymentIntent,
      filter: ({ customer }) => params.customer === undefined || customer === params.customer,
    }),
});

const update = defineRoute({
  method: "POST",
  path: "/v1/payment_intents/:id",
  params: z.strictObject({
    ...shared,
    amount: form.integer({ minimum: 1 }).optional(),
    currency: form.text().optional(),
  }),
  returns: "payment_intent",
  lock: (_ctx, _params, { id }) => id,
  run: (ctx, params, { id }) => {
    const intent = findIntent(ctx, id);
    const amount = params.amount ?? intent.amount;
    const currency = checkChargeAmount(amount, params.currency ?? intent.currency);
    checkShared(ctx, params, amount);
    const changes = { ...changesFrom(ctx, params, intent), amount, currency };
    return formatPaymentIntent(updateIntent(ctx, intent, changes));
  },
});

const confirm = defineRoute({
  method: "POST",
  path: "/v1/payment_intents/:id/confirm",
  params: z.strictObject({ ...shared, ...inert }),
  returns: "payment_intent",
  lock: (_ctx, _params, { id }) => id,
  run: (ctx, params, { id }) => {
    const intent = findIntent(ctx, id);
    checkShared(ctx, params, intent.amount);
    return formatPaymentIntent(confirmIntent(ctx, { ...intent, ...changesFrom(ctx, params, intent) }));
  },
});

const capture = defineRoute({
  method: "POST",
  path: "/v1/payment_intents/:id/capture",
  params: z.strictObject({
    amount_to_capture: form.integer({ minimum: 1 }).optional(),
    application_fee_amount: form.integer({ minimum: 0 }).optional(),
    metadata: form.metadata().optional(),
    statement_descriptor: form.text(22).optional(),
    statement_descriptor_suffix: form.text(22).optional(),
  }),
  returns: "payment_intent",
  lock: (ctx, _params, { id }) => ctx.collection(paymentIntents).get(id)?.latestCharge ?? id,
  run: (ctx, params, { id }) => {
    const intent = findIntent(ctx, id);
    const { application_fee_amount: fee, amount_to_capture: amount, ...rest } = params;
    const changed = { ...intent, ...changesFrom(ctx, rest, intent) };
    return formatPaymentIntent(captureIntent(ctx, changed, amount, fee));
  },
});

const cancel = defineRoute({
  method: "POST",
  path: "/v1/payment_intents/:id/cancel",
  params: z.strictObject({
    cancellation_reason: form
      .oneOf(["duplicate", "fraudulent", "requested_by_customer", "abandoned"])
      .optional(),
  }),
  returns: "payment_intent",
  lock: (ctx, _params, { id }) => ctx.collection(paymentIntents).get(id)?.latestCharge ?? id,
  run: (ctx, params, { id }) =>
    formatPaymentIntent(cancelIntent(ctx, findIntent(ctx, id), params.cancellation_reason ?? null)),
});

export const paymentIntentRoutes: readonly Route[] = [
  create,
  retrieve,
  list,
  update,
  confirm,
  capture,
  cancel,
];
