import type Stripe from "stripe";
import { z } from "zod";
import type { Context } from "../../context.ts";
import { badRequest, noSuch } from "../../errors.ts";
import { listPage } from "../../http/lists.ts";
import { form, listParams, mergeMetadata } from "../../http/params.ts";
import { defineRoute, type Route } from "../../http/route.ts";
import { charges, refunds } from "../collections.ts";
import { findCharge } from "../payments/find.ts";
import { listOfPayment, ofPaymentParams } from "../payments/list-of-payment.ts";
import { createRefund } from "./create-refund.ts";
import { fail } from "./move-refund.ts";
import { formatRefund, type Refund } from "./refund.ts";
import { updateRefund } from "./refund-effects.ts";

const creation = {
  amount: form.integer({ minimum: 1 }).optional(),
  currency: form.text().optional(),
  instructions_email: form.text().optional(),
  metadata: form.metadata().optional(),
  reason: form.oneOf(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
  refund_application_fee: form.boolean().optional(),
  reverse_transfer: form.boolean().optional(),
};

function findRefund(ctx: Context, id: string, param = "refund"): Refund {
  const refund = ctx.collection(refunds).get(id);
  if (!refund) throw noSuch("refund", id, param);
  return refund;
}

/** A refund of this very charge, for the older routes below a charge. */
function findRefundOf(ctx: Context, charge: string, id: string): Refund {
  findCharge(ctx, charge);
  const refund = findRefund(ctx, id);
  if (refund.charge !== charge) throw noSuch("refund", id, "refund");
  return refund;
}

function changeMetadata(
  ctx: Context,
  refund: Refund,
  sent: Record<string, string> | null | undefined,
): Stripe.Refund {
  const metadata = mergeMetadata(refund.metadata, sent);
  if (JSON.stringify(metadata) === JSON.stringify(refund.metadata)) return formatRefund(refund);
  return formatRefund(updateRefund(ctx, refund, { metadata }, ["refund.updated"]));
}

function chargeLock(ctx: Context, refund: string): string | undefined {
  return ctx.collection(refunds).get(refund)?.charge;
}

const create = defineRoute({
  method: "POST",
  path: "/v1/refunds",
  params: z.strictObject({
    ...creation,
    charge: form.text().optional(),
    payment_intent: form.text().optional(),
    customer: form.text().optional(),
    origin: form.oneOf(["customer_balance"]).optional(),
  }),
  returns: "refund",
  lock: (ctx, params) => {
    const { charge, payment_intent } = params;
    return charge ?? ctx.collection(charges).where("paymentIntent", payment_intent ?? "")[0]?.id;
  },
  run: (ctx, { customer, origin, metadata, ...request }) => {
    if (customer !== undefined || origin !== undefined) {
      throw badRequest(
        "Refunds of a customer balance are not part of this sandbox: name a charge or payment_intent.",
        { param: customer === undefined ? "origin" : "customer" },
      );
    }
    return formatRefund(createRefund(ctx, { ...request, metadata: mergeMetadata({}, metadata) }));
  },
});

const createOfCharge = defineRoute({
  method: "POST",
  path: "/v1/charges/:id/refunds",
  params: z.strictObject(creation),
  returns: "refund",
  lock: (_ctx, _params, { id }) => id,
  run: (ctx, { metadata, ...request }, { id }) =>
    formatRefund(createRefund(ctx, { ...request, charge: id, metadata: mergeMetadata({}, metadata) })),
});

const retrieve = defineRoute({
  method: "GET",
  path: "/v1/refunds/:id",
  params: z.strictObject({}),
  returns: "refund",
  run: (ctx, _params, { id }) => formatRefund(findRefund(ctx, id)),
});

const retrieveOfCharge = defineRoute({
  method: "GET",
  path: "/v1/charges/:id/refunds/:refund",
  params: z.strictObject({}),
  returns: "refund",
  run: (ctx, _params, { id, refund }) => formatRefund(findRefundOf(ctx, id, refund)),
});

const list = defineRoute({
  method: "GET",
  path: "/v1/refunds",
  params: z.strictObject(ofPaymentParams),
  returns: { list: "refund" },
  run: (ctx, params) =>
    listOfPayment(ctx, refunds, params, {
      url: "/v1/refunds",
      noun: "refund",
      format: formatRefund,
    }),
});

const listOfCharge = defineRoute({
  method: "GET",
  path: "/v1/charges/:id/refunds",
  params: z.strictObject(listParams),
  returns: { list: "refund" },
  run: (ctx, params, { id }) => {
    const charge = findCharge(ctx, id);
    return listPage(ctx, refunds, params, {
      url: `/v1/charges/${id}/refunds`,
      noun: "refund",
      format: formatRefund,
      index: { name: "charge", value: charge.id },
    });
  },
});

const update = defineRoute({
  method: "POST",
  path: "/v1/refunds/:id",
  params: z.strictObject({ metadata: form.metadata().optional() }),
  returns: "refund",
  lock: (ctx, _params, { id }) => chargeLock(ctx, id),
  run: (ctx, { metadata }, { id }) => changeMetadata(ctx, findRefund(ctx, id), metadata),
});

const updateOfCharge = defineRoute({
  method: "POST",
  path: "/v1/charges/:id/refunds/:refund",
  params: z.strictObject({ metadata: form.metadata().optional() }),
  returns: "refund",
  lock: (_ctx, _params, { id }) => id,
  run: (ctx, { metadata }, { id, refund }) => changeMetadata(ctx, findRefundOf(ctx, id, refund), metadata),
});

/** Only while the customer has still to act (Stripe: cancel a refund). */
function cancelOpen(ctx: Context, id: string, refusal: string): Stripe.Refund {
  const refund = findRefund(ctx, id);
  if (refund.status !== "requires_action") throw badRequest(refusal);
  return formatRefund(fail(ctx, refund, "canceled", "merchant_request"));
}

const cancel = defineRoute({
  method: "POST",
  path: "/v1/refunds/:id/cancel",
  params: z.strictObject({}),
  returns: "refund",
  lock: (ctx, _params, { id }) => chargeLock(ctx, id),
  run: (ctx, _params, { id }) => cancelOpen(ctx, id, "Canceling this refund is unsupported."),
});

const expire = defineRoute({
  method: "POST",
  path: "/v1/test_helpers/refunds/:id/expire",
  params: z.strictObject({}),
  returns: "refund",
  lock: (ctx, _params, { id }) => chargeLock(ctx, id),
  run: (ctx, _params, { id }) =>
    cancelOpen(ctx, id, "Only a refund with the status requires_action can expire."),
});

export const refundRoutes: readonly Route[] = [
  create,
  createOfCharge,
  retrieve,
  retrieveOfCharge,
  list,
  listOfCharge,
  update,
  updateOfCharge,
  cancel,
  expire,
];
