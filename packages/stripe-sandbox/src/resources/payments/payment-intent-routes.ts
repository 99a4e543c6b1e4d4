import { z } from "zod";
import type { Context } from "../../context.ts";
import { noSuch } from "../../errors.ts";
import { listPage } from "../../http/lists.ts";
import { form, listParams } from "../../http/params.ts";
import { defineRoute, type Route } from "../../http/route.ts";
import { paymentIntents } from "../collections.ts";
import { checkChargeAmount } from "../money/check-charge-amount.ts";
import { newPaymentIntent } from "./new-payment-intent.ts";
import { formatPaymentIntent, type PaymentIntent } from "./payment-intent.ts";
import { cancelIntent, captureIntent, confirmIntent, updateIntent } from "./payment-intent-actions.ts";
import { changesFrom, checkIntentParams, intentParams } from "./payment-intent-params.ts";

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

const create = defineRoute({
  method: "POST",
  path: "/v1/payment_intents",
  params: z.strictObject({
    ...intentParams,
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
    checkIntentParams(ctx, params, params.amount);
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
    ...intentParams,
    amount: form.integer({ minimum: 1 }).optional(),
    currency: form.text().optional(),
  }),
  returns: "payment_intent",
  lock: (_ctx, _params, { id }) => id,
  run: (ctx, params, { id }) => {
    const intent = findIntent(ctx, id);
    const amount = params.amount ?? intent.amount;
    const currency = checkChargeAmount(amount, params.currency ?? intent.currency);
    checkIntentParams(ctx, params, amount);
    const changes = { ...changesFrom(ctx, params, intent), amount, currency };
    return formatPaymentIntent(updateIntent(ctx, intent, changes));
  },
});

const confirm = defineRoute({
  method: "POST",
  path: "/v1/payment_intents/:id/confirm",
  params: z.strictObject({ ...intentParams, ...inert }),
  returns: "payment_intent",
  lock: (_ctx, _params, { id }) => id,
  run: (ctx, params, { id }) => {
    const intent = findIntent(ctx, id);
    checkIntentParams(ctx, params, intent.amount);
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
