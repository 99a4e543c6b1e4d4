import type { Context } from "../../context.ts";
import type { Charge } from "./charge.ts";
import { testPaymentMethod } from "./test-payment-methods.ts";

/** What every charge starts from; not stored yet, not captured. Amount in minor units. */
export function newCharge(
  ctx: Context,
  fields: Pick<Charge, "amount" | "currency" | "method" | "statementDescriptor"> & Partial<Charge>,
): Charge {
  const { type, decline } = testPaymentMethod(fields.method);
  return {
    id: ctx.id(type === "card" ? "ch_3" : "py_3"),
    created: ctx.nowSeconds(),
    amountCaptured: 0,
    amountRefunded: 0,
    status: decline ? "failed" : "succeeded",
    captured: false,
    released: false,
    legacy: false,
    paymentMethod: ctx.id(fields.legacy ? "card_1" : "pm_1"),
    paymentIntent: null,
    customer: null,
    name: null,
    email: null,
    description: null,
    metadata: {},
    receiptEmail: null,
    statementDescriptorSuffix: null,
    calculatedStatementDescriptor: fields.statementDescriptor ?? shortName(ctx),
    transferGroup: null,
    shipping: null,
    application: null,
    applicationFeeAmount: null,
    applicationFee: null,
    balanceTransaction: null,
    decline: decline ?? null,
    dispute: null,
    fraudReport: null,
    stripeFraudReport: false,
    ...fields,
  };
}

/** 22 characters of the merchant's name, as banks print them. */
function shortName(ctx: Context): string {
  const name = ctx.accountRecord().business_name ?? "STRIPE";
  return name.toUpperCase().slice(0, 22);
}
