import type { Context } from "../../context.ts";
import type { PaymentIntent } from "./payment-intent.ts";

/** An intent with nothing but an amount (minor units); not stored yet. */
export function newPaymentIntent(
  ctx: Context,
  amount: number,
  currency: string,
  changes: Partial<PaymentIntent> = {},
): PaymentIntent {
  const id = ctx.id("pi_3");
  return {
    id,
    created: ctx.nowSeconds(),
    amount,
    amountReceived: 0,
    currency,
    status: "requires_payment_method",
    captureMethod: "automatic_async",
    confirmationMethod: "automatic",
    clientSecret: `${id}_secret_${ctx.id("")}`,
    method: null,
    paymentMethod: null,
    paymentMethodTypes: ["card"],
    automaticPaymentMethods: false,
    latestCharge: null,
    lastDecline: null,
    customer: null,
    name: null,
    email: null,
    description: null,
    metadata: {},
    receiptEmail: null,
    statementDescriptor: null,
    statementDescriptorSuffix: null,
    setupFutureUsage: null,
    transferGroup: null,
    shipping: null,
    application: ctx.application,
    applicationFeeAmount: null,
    canceledAt: null,
    cancellationReason: null,
    ...changes,
  };
}
