import { z } from "zod";
import type { Context } from "../../context.ts";
import { badRequest, noSuch } from "../../errors.ts";
import { form, mergeMetadata } from "../../http/params.ts";
import { customers } from "../collections.ts";
import { given } from "../given.ts";
import type { PaymentIntent } from "./payment-intent.ts";
import { paymentMethodData, paymentMethodKey, shippingParam } from "./payment-source.ts";
import { testPaymentMethod } from "./test-payment-methods.ts";

/** What a payment is made of; creating, updating and confirming take these. */
export const intentParams = {
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
const intentParamsObject = z.strictObject(intentParams);
type IntentParams = z.output<typeof intentParamsObject>;

/** @throws SandboxError 404 for an unknown customer, 400 for a fee that nobody could receive */
export function checkIntentParams(
  ctx: Context,
  { customer, application_fee_amount: fee }: IntentParams,
  amount: number,
): void {
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
export function changesFrom(
  ctx: Context,
  params: IntentParams,
  intent: PaymentIntent,
): Partial<PaymentIntent> {
  const billing = params.payment_method_data?.billing_details;
  const allowed = params.allowed_payment_method_types ?? params.payment_method_types;
  return {
    metadata: mergeMetadata(intent.metadata, params.metadata),
    ...methodFrom(ctx, params, intent),
    ...given({
      allowedPaymentMethodTypes: params.allowed_payment_method_types,
      applicationFeeAmount: params.application_fee_amount,
      captureMethod: params.capture_method,
      customer: params.customer,
      description: params.description,
      email: billing?.email,
      excludedPaymentMethodTypes: params.excluded_payment_method_types,
      name: billing?.name,
      paymentMethodTypes: allowed,
      receiptEmail: params.receipt_email,
      setupFutureUsage: params.setup_future_usage,
      shipping: params.shipping,
      statementDescriptor: params.statement_descriptor,
      statementDescriptorSuffix: params.statement_descriptor_suffix,
      transferGroup: params.transfer_group,
    }),
  };
}

/** A payment method makes an intent ready to be confirmed. */
function methodFrom(ctx: Context, params: IntentParams, { status }: PaymentIntent): Partial<PaymentIntent> {
  const method = paymentMethodKey(params.payment_method, params.payment_method_data);
  if (method === undefined) return {};
  return {
    method,
    paymentMethod: ctx.id("pm_1"),
    paymentMethodTypes: [testPaymentMethod(method).type],
    status: status === "requires_payment_method" ? "requires_confirmation" : status,
  };
}
