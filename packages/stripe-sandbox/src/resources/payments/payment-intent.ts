import type Stripe from "stripe";
import type { Decline } from "./test-payment-methods.ts";

export type PaymentIntentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_capture"
  | "succeeded"
  | "canceled";

/** The intention to collect one payment. Amounts in minor units, times in unix seconds. */
export interface PaymentIntent {
  readonly id: string;
  readonly created: number;
  readonly amount: number;
  readonly amountReceived: number;
  readonly currency: string;
  readonly status: PaymentIntentStatus;
  readonly captureMethod: "automatic" | "automatic_async" | "manual";
  readonly confirmationMethod: "automatic" | "manual";
  readonly clientSecret: string;
  /** Key of the test payment method table; null until one is given. */
  readonly method: string | null;
  readonly paymentMethod: string | null;
  readonly paymentMethodTypes: readonly string[];
  /** The caller's own limit to them; since 2026-10-28 it takes the place of `payment_method_types` in requests. */
  readonly allowedPaymentMethodTypes: readonly string[] | null;
  readonly excludedPaymentMethodTypes: readonly string[] | null;
  readonly automaticPaymentMethods: boolean;
  readonly latestCharge: string | null;
  readonly lastDecline: (Decline & { charge: string }) | null;
  readonly customer: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly receiptEmail: string | null;
  readonly statementDescriptor: string | null;
  readonly statementDescriptorSuffix: string | null;
  readonly setupFutureUsage: "off_session" | "on_session" | null;
  readonly transferGroup: string | null;
  readonly shipping: Stripe.Charge.Shipping | null;
  readonly application: string | null;
  readonly applicationFeeAmount: number | null;
  readonly canceledAt: number | null;
  readonly cancellationReason: Stripe.PaymentIntent.CancellationReason | null;
}

export function formatPaymentIntent(intent: PaymentIntent): Stripe.PaymentIntent {
  return {
    id: intent.id,
    object: "payment_intent",
    allowed_payment_method_types: intent.allowedPaymentMethodTypes && [...intent.allowedPaymentMethodTypes],
    amount: intent.amount,
    amount_capturable: intent.status === "requires_capture" ? intent.amount : 0,
    amount_details: { tip: {} },
    amount_received: intent.amountReceived,
    application: intent.application,
    application_fee_amount: intent.applicationFeeAmount,
    automatic_payment_methods: intent.automaticPaymentMethods
      ? { allow_redirects: "always", enabled: true }
      : null,
    canceled_at: intent.canceledAt,
    cancellation_reason: intent.cancellationReason,
    capture_method: intent.captureMethod,
    client_secret: intent.clientSecret,
    confirmation_method: intent.confirmationMethod,
    created: intent.created,
    currency: intent.currency,
    customer: intent.customer,
    customer_account: null,
    description: intent.description,
    excluded_payment_method_types: intent.excludedPaymentMethodTypes && [
      ...intent.excludedPaymentMethodTypes,
    ],
    last_payment_error: formatLastError(intent),
    latest_charge: intent.latestCharge,
    livemode: false,
    managed_payments: null,
    metadata: { ...intent.metadata },
    next_action: null,
    on_behalf_of: null,
    payment_method: intent.paymentMethod,
    payment_method_configuration_details: null,
    payment_method_options: formatOptions(intent),
    payment_method_types: [...intent.paymentMethodTypes],
    payment_record: null,
    processing: null,
    receipt_email: intent.receiptEmail,
    review: null,
    setup_future_usage: intent.setupFutureUsage,
    shipping: intent.shipping,
    source: null,
    statement_descriptor: intent.statementDescriptor,
    statement_descriptor_suffix: intent.statementDescriptorSuffix,
    status: intent.status,
    transfer_data: null,
    transfer_group: intent.transferGroup,
  };
}

function formatOptions({ paymentMethodTypes }: PaymentIntent): Stripe.PaymentIntent.PaymentMethodOptions {
  if (!paymentMethodTypes.includes("card")) return {};
  const card = {
    installments: null,
    mandate_options: null,
    network: null,
    request_three_d_secure: "automatic" as const,
  };
  return { card };
}

function formatLastError({ lastDecline }: PaymentIntent): Stripe.PaymentIntent.LastPaymentError | null {
  if (!lastDecline) return null;
  const { charge, code, declineCode, message } = lastDecline;
  return {
    charge,
    code,
    decline_code: declineCode,
    doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`,
    message,
    type: "card_error",
  };
}
