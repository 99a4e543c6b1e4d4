import type Stripe from "stripe";
import { z } from "zod";
import type { Context } from "../../context.ts";
import { listPage } from "../../http/lists.ts";
import { form, listParams, mergeMetadata } from "../../http/params.ts";
import { defineRoute, type Route } from "../../http/route.ts";
import { charges } from "../collections.ts";
import { given } from "../given.ts";
import { previousAttributes } from "../previous-attributes.ts";
import { type Charge, formatCharge } from "./charge.ts";
import { searchCharges } from "./charge-search.ts";
import { findCharge, findCustomer } from "./find.ts";
import { captureLegacyCharge, createCharge } from "./legacy-charge-routes.ts";
import { shippingParam } from "./payment-source.ts";

const retrieve = defineRoute({
  method: "GET",
  path: "/v1/charges/:id",
  params: z.strictObject({}),
  returns: "charge",
  run: (ctx, _params, { id }) => formatCharge(findCharge(ctx, id)),
});

/** No filter by status, amount or refund: Stripe has none, only the search does. */
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
      ...given({
        customer: params.customer,
        description: params.description,
        fraudReport: params.fraud_details?.user_report,
        receiptEmail: params.receipt_email,
        shipping: params.shipping,
        transferGroup: params.transfer_group,
      }),
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

export const chargeRoutes: readonly Route[] = [
  createCharge,
  retrieve,
  list,
  search,
  update,
  captureLegacyCharge,
];
