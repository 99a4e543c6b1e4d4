import type { Context } from "../../context.ts";
import type { Charge } from "./charge.ts";
import { testPaymentMethod } from "./test-payment-methods.ts";

/** What every charge starts from; not stored yet, not captured. Amount in minor units. */
export function newCharge(
  ctx: Context,
  fields: Pick<Charge, "amount" | "currency" | "method" | "statementDescriptor"> & Partial<Charge>,
): Charge {
  const { type, decline } = testPaymentMethod(fields.method);
  // Member by member: spreads in the middle of a literal are slow enough to notice when seeding.
  return {
    id: fields.id ?? ctx.id(type === "card" ? "ch_3" : "py_3"),
    amount: fields.amount,
    currency: fields.currency,
    method: fields.method,
    statementDescriptor: fields.statementDescriptor,
    created: fields.created ?? ctx.nowSeconds(),
    amountCaptured: fields.amountCaptured ?? 0,
    amountRefunded: fields.amountRefunded ?? 0,
    status: decline ? "failed" : "succeeded",
    captured: fields.captured ?? false,
    released: fields.released ?? false,
    legacy: fields.legacy ?? false,
    paymentMethod: fields.paymentMethod ?? ctx.id(fields.legacy ? "card_1" : "pm_1"),
    paymentIntent: fields.paymentIntent ?? null,
    customer: fields.customer ?? null,
    name: fields.name ?? null,
    email: fields.email ?? null,
    description: fields.description ?? null,
    metadata: fields.metadata ?? {},
    receiptEmail: fields.receiptEmail ?? null,
    statementDescriptorSuffix: fields.statementDescriptorSuffix ?? null,
    calculatedStatementDescriptor: fields.statementDescriptor ?? shortName(ctx),
    transferGroup: fields.transferGroup ?? null,
    shipping: fields.shipping ?? null,
    application: fields.application ?? null,
    applicationFeeAmount: fields.applicationFeeAmount ?? null,
    applicationFee: fields.applicationFee ?? null,
    balanceTransaction: fields.balanceTransaction ?? null,
    decline: decline ?? null,
    dispute: fields.dispute ?? null,
    fraudReport: fields.fraudReport ?? null,
    stripeFraudReport: fields.stripeFraudReport ?? false,
  };
}

/** 22 characters of the merchant's name, as banks print them. */
function shortName(ctx: Context): string {
  const name = ctx.accountRecord().business_name ?? "STRIPE";
  return name.toUpperCase().slice(0, 22);
}
