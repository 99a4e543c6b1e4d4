import type { Context } from "../../context.ts";
import type { PaymentIntent } from "./payment-intent.ts";

/** An intent with nothing but an amount (minor units); not stored yet. */
export function newPaymentIntent(
  ctx: Context,
  amount: number,
  currency: string,
  changes: Partial<PaymentIntent> = {},
): PaymentIntent {
  const id = changes.id ?? ctx.id("pi_3");
  // Member by member, as in new-charge.ts.
  return {
    id,
    created: changes.created ?? ctx.nowSeconds(),
    amount,
    amountReceived: changes.amountReceived ?? 0,
    currency,
    status: changes.status ?? "requires_payment_method",
    captureMethod: changes.captureMethod ?? "automatic_async",
    confirmationMethod: changes.confirmationMethod ?? "automatic",
    clientSecret: `${id}_secret_${ctx.id("")}`,
    method: changes.method ?? null,
    paymentMethod: changes.paymentMethod ?? null,
    paymentMethodTypes: changes.paymentMethodTypes ?? ["card"],
    allowedPaymentMethodTypes: changes.allowedPaymentMethodTypes ?? null,
    excludedPaymentMethodTypes: changes.excludedPaymentMethodTypes ?? null,
    automaticPaymentMethods: changes.automaticPaymentMethods ?? false,
    latestCharge: changes.latestCharge ?? null,
    lastDecline: changes.lastDecline ?? null,
    customer: changes.customer ?? null,
    name: changes.name ?? null,
    email: changes.email ?? null,
    description: changes.description ?? null,
    metadata: changes.metadata ?? {},
    receiptEmail: changes.receiptEmail ?? null,
    statementDescriptor: changes.statementDescriptor ?? null,
    statementDescriptorSuffix: changes.statementDescriptorSuffix ?? null,
    setupFutureUsage: changes.setupFutureUsage ?? null,
    transferGroup: changes.transferGroup ?? null,
    shipping: changes.shipping ?? null,
    application: changes.application ?? ctx.application,
    applicationFeeAmount: changes.applicationFeeAmount ?? null,
    canceledAt: changes.canceledAt ?? null,
    cancellationReason: changes.cancellationReason ?? null,
  };
}
