import { z } from "zod";
import type { Context } from "../../context.ts";
import { noSuch } from "../../errors.ts";
import { listPage } from "../../http/lists.ts";
import { form, listParams, mergeMetadata } from "../../http/params.ts";
import { defineRoute, type Route } from "../../http/route.ts";
import { customers } from "../collections.ts";
import { given } from "../given.ts";
import { previousAttributes } from "../previous-attributes.ts";
import { type Customer, formatCustomer } from "./customer.ts";

const details = {
  description: form.clearable(form.text()).optional(),
  email: form.clearable(form.text(512)).optional(),
  metadata: form.metadata().optional(),
  name: form.clearable(form.text(256)).optional(),
  phone: form.clearable(form.text(20)).optional(),
};
const detailsObject = z.strictObject(details);

function findCustomer(ctx: Context, id: string): Customer {
  const customer = ctx.collection(customers).get(id);
  if (!customer) throw noSuch("customer", id, "id");
  return customer;
}

function withDetails(customer: Customer, params: z.output<typeof detailsObject>): Customer {
  const { metadata, ...rest } = params;
  return { ...customer, ...given(rest), metadata: mergeMetadata(customer.metadata, metadata) };
}

const create = defineRoute({
  method: "POST",
  path: "/v1/customers",
  params: detailsObject,
  returns: "customer",
  run: (ctx, params) => {
    const blank: Customer = {
      id: ctx.id("cus_", 14),
      created: ctx.nowSeconds(),
      description: null,
      email: null,
      metadata: {},
      name: null,
      phone: null,
    };
    const customer = formatCustomer(ctx.collection(customers).put(withDetails(blank, params)));
    ctx.emit("customer.created", customer);
    return customer;
  },
});

const retrieve = defineRoute({
  method: "GET",
  path: "/v1/customers/:id",
  params: z.strictObject({}),
  returns: "customer",
  run: (ctx, _params, { id }) => formatCustomer(findCustomer(ctx, id)),
});

const update = defineRoute({
  method: "POST",
  path: "/v1/customers/:id",
  params: detailsObject,
  returns: "customer",
  run: (ctx, params, { id }) => {
    const before = findCustomer(ctx, id);
    const after = formatCustomer(ctx.collection(customers).put(withDetails(before, params)));
    const previous = previousAttributes(formatCustomer(before), after);
    if (Object.keys(previous).length > 0) ctx.emit("customer.updated", after, previous);
    return after;
  },
});

const list = defineRoute({
  method: "GET",
  path: "/v1/customers",
  params: z.strictObject({ ...listParams, email: form.text().optional() }),
  returns: { list: "customer" },
  run: (ctx, params) =>
    listPage(ctx, customers, params, {
      url: "/v1/customers",
      noun: "customer",
      format: formatCustomer,
      filter: ({ email }) => params.email === undefined || email === params.email,
    }),
});

export const customerRoutes: readonly Route[] = [create, retrieve, update, list];
