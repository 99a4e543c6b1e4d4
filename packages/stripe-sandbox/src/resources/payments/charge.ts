import type Stripe from "stripe";
import { formatPaymentMethodDetails } from "./payment-method-details.ts";
import { type Decline, testPaymentMethod } from "./test-payment-methods.ts";

/** A payment on one account, as the sandbox keeps it. Amounts in minor units, times in unix seconds. */
export interface Charge {
  readonly id: string;
  readonly created: number;
  readonly amount: number;
  readonly amountCaptured: number;
  readonly amountRefunded: number;
  readonly currency: string;
  readonly status: "succeeded" | "failed";
  readonly captured: boolean;
  /** Refunded, cancelled or voided before its capture: the hold on the card is gone. */
  readonly released: boolean;
  /** Key of the test payment method table. */
  readonly method: string;
  readonly paymentMethod: string;
  /** Made through `POST /v1/charges` with a `source`, without a PaymentIntent. */
  readonly legacy: boolean;
  readonly paymentIntent: string | null;
  readonly customer: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly receiptEmail: string | null;
  readonly statementDescriptor: string | null;
  readonly statementDescriptorSuffix: string | null;
  /** What the customer reads on the bank statement. */
  readonly calculatedStatementDescriptor: string;
  readonly transferGroup: string | null;
  readonly shipping: Stripe.Charge.Shipping | null;
  /** `ca_…` of the platform whose key made it. */
  readonly application: string | null;
  readonly applicationFeeAmount: number | null;
  readonly applicationFee: string | null;
  readonly balanceTransaction: string | null;
  readonly decline: Decline | null;
  /** The newest dispute, open or closed; the charge counts as disputed ever after. */
  readonly dispute: string | null;
  readonly fraudReport: "fraudulent" | "safe" | null;
  readonly stripeFraudReport: boolean;
}

/** `destination`, `dispute` and `order` are on the wire, but not in the official types. */
export type ChargeObject = Stripe.Charge & { destination: null; dispute: string | null; order: null };

/** Whether nothing of what was captured is left; an authorization that was given back counts as refunded. */
export function isFullyRefunded({ amount, amountCaptured, amountRefunded, captured }: Charge): boolean {
  return amountRefunded > 0 && amountRefunded >= (captured ? amountCaptured : amount);
}

/** The wire form of a charge, without `refunds`: since 2022-11-15 those come only when expanded. */
export function formatCharge(charge: Charge): ChargeObject {
  return {
    id: charge.id,
    object: "charge",
    amount: charge.amount,
    amount_captured: charge.amountCaptured,
    amount_refunded: charge.amountRefunded,
    application: charge.application,
    application_fee: charge.applicationFee,
    application_fee_amount: charge.applicationFeeAmount,
    balance_transaction: charge.balanceTransaction,
    billing_details: formatBillingDetails(charge),
    calculated_statement_descriptor: charge.calculatedStatementDescriptor,
    captured: charge.captured,
    created: charge.created,
    currency: charge.currency,
    customer: charge.customer,
    description: charge.description,
    destination: null,
    dispute: charge.dispute,
    disputed: charge.dispute !== null,
    failure_balance_transaction: null,
    failure_code: charge.decline?.code ?? null,
    failure_message: charge.decline?.message ?? null,
    fraud_details: formatFraudDetails(charge),
    livemode: false,
    metadata: { ...charge.metadata },
    on_behalf_of: null,
    order: null,
    outcome: formatOutcome(charge.decline),
    paid: charge.status === "succeeded",
    payment_intent: charge.paymentIntent,
    payment_method: charge.paymentMethod,
    payment_method_details: formatPaymentMethodDetails(charge),
    radar_options: {},
    receipt_email: charge.receiptEmail,
    receipt_number: null,
    receipt_url: receiptUrl(charge),
    refunded: isFullyRefunded(charge),
    review: null,
    shipping: charge.shipping,
    source: charge.legacy ? formatSource(charge) : null,
    source_transfer: null,
    statement_descriptor: charge.statementDescriptor,
    statement_descriptor_suffix: charge.statementDescriptorSuffix,
    status: charge.status,
    transfer_data: null,
    transfer_group: charge.transferGroup,
  };
}

/** The receipt is rewritten with every refund, which is why `charge.refunded` names the older address. */
function receiptUrl({ id, amountRefunded, status }: Charge): string | null {
  if (status === "failed") return null;
  return `https://pay.stripe.com/receipts/payment/${id.slice(3)}_${amountRefunded.toString(36)}`;
}

function formatBillingDetails({ name, email }: Charge): Stripe.Charge.BillingDetails {
  const address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
  return { address, email, name, phone: null, tax_id: null };
}

function formatFraudDetails({ fraudReport, stripeFraudReport }: Charge): Stripe.Charge.FraudDetails {
  return {
    ...(stripeFraudReport ? { stripe_report: "fraudulent" } : {}),
    ...(fraudReport ? { user_report: fraudReport } : {}),
  };
}

function formatOutcome(decline: Decline | null): Stripe.Charge.Outcome {
  const unused = { advice_code: null, network_advice_code: null, network_decline_code: null };
  if (!decline) {
    return {
      ...unused,
      network_status: "approved_by_network",
      reason: null,
      risk_level: "normal",
      risk_score: 20,
      seller_message: "Payment complete.",
      type: "authorized",
    };
  }
  return {
    ...unused,
    network_status: "declined_by_network",
    reason: decline.declineCode,
    risk_level: "normal",
    risk_score: 20,
    seller_message: "The bank did not return any further details with this decline.",
    type: "issuer_declined",
  };
}

/** The card object that `POST /v1/charges` with a token leaves in `source`. */
function formatSource(charge: Charge): Stripe.CustomerSource {
  const card = testPaymentMethod(charge.method);
  return {
    id: charge.paymentMethod,
    object: "card",
    address_city: null,
    address_country: null,
    address_line1: null,
    address_line1_check: null,
    address_line2: null,
    address_state: null,
    address_zip: null,
    address_zip_check: null,
    brand: card.brand.replace(/^./, (letter) => letter.toUpperCase()),
    country: card.country,
    customer: charge.customer,
    cvc_check: null,
    dynamic_last4: null,
    exp_month: 12,
    exp_year: 2034,
    fingerprint: `fp_${card.brand}_${card.last4}`,
    funding: card.funding,
    last4: card.last4,
    metadata: {},
    name: charge.name,
    regulated_status: "unregulated",
    tokenization_method: null,
  };
}
