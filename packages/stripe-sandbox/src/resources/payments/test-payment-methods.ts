import type { DisputeReason } from "../disputes/dispute.ts";
import type { FraudType } from "../disputes/early-fraud-warning.ts";

/** What a refund to this payment method does (Stripe: testing, refunds). */
export type RefundBehaviour = "succeeds" | "fails_later" | "pending_then_succeeds" | "requires_action";

/** Why the issuer says no to the charge. */
export interface Decline {
  code: string;
  declineCode: string;
  message: string;
}

/** A payment method of Stripe's test mode: what it looks like and what it makes happen. */
export interface TestPaymentMethod {
  type: "card" | "us_bank_account" | "konbini";
  brand: string;
  last4: string;
  country: string;
  funding: "credit" | "debit" | "prepaid";
  refund: RefundBehaviour;
  /** Funds are available at once instead of after the settlement delay. */
  bypassPending: boolean;
  decline?: Decline;
  dispute?: { reason: DisputeReason; inquiry: boolean };
  earlyFraudWarning?: FraudType;
}

const plain: TestPaymentMethod = {
  type: "card",
  brand: "visa",
  last4: "4242",
  country: "US",
  funding: "credit",
  refund: "succeeds",
  bypassPending: false,
};

function declined(
  last4: string,
  declineCode: string,
  code = "card_declined",
  message = "Your card was declined.",
) {
  return { ...plain, last4, decline: { code, declineCode, message } };
}

/** Keyed by the part after `pm_card_` and `tok_`, with the card number where Stripe documents one. */
const table: Record<string, TestPaymentMethod & { number?: string }> = {
  visa: { ...plain, number: "4242424242424242" },
  visa_debit: { ...plain, last4: "5556", funding: "debit", number: "4000056655665556" },
  mastercard: { ...plain, brand: "mastercard", last4: "4444", number: "5555555555554444" },
  mastercard_debit: {
    ...plain,
    brand: "mastercard",
    last4: "8210",
    funding: "debit",
    number: "5200828282828210",
  },
  mastercard_prepaid: {
    ...plain,
    brand: "mastercard",
    last4: "5100",
    funding: "prepaid",
    number: "5105105105105100",
  },
  amex: { ...plain, brand: "amex", last4: "0005", number: "378282246310005" },
  discover: { ...plain, brand: "discover", last4: "1117", number: "6011111111111117" },
  jcb: { ...plain, brand: "jcb", last4: "0505", country: "JP", number: "3566002020360505" },
  de: { ...plain, last4: "0001", country: "DE", number: "4000002760000016" },
  gb: { ...plain, last4: "0002", country: "GB", number: "4000008260000000" },
  jp: { ...plain, last4: "0003", country: "JP", number: "4000003920000003" },
  in: { ...plain, last4: "0004", country: "IN", number: "4000003560000008" },
  refundFail: { ...plain, last4: "5126", refund: "fails_later", number: "4000000000005126" },
  pendingRefund: { ...plain, last4: "7726", refund: "pending_then_succeeds", number: "4000000000007726" },
  bypassPending: { ...plain, last4: "0077", bypassPending: true, number: "4000000000000077" },
  createDispute: {
    ...plain,
    last4: "0259",
    dispute: { reason: "fraudulent", inquiry: false },
    number: "4000000000000259",
  },
  createDisputeProductNotReceived: {
    ...plain,
    last4: "2685",
    dispute: { reason: "product_not_received", inquiry: false },
    number: "4000000000002685",
  },
  createDisputeInquiry: {
    ...plain,
    last4: "1976",
    dispute: { reason: "fraudulent", inquiry: true },
    number: "4000000000001976",
  },
  createIssuerFraudRecord: {
    ...plain,
    last4: "5423",
    earlyFraudWarning: "misc",
    number: "4000000000005423",
  },
  chargeDeclined: { ...declined("0002", "generic_decline"), number: "4000000000000002" },
  chargeDeclinedInsufficientFunds: {
    ...declined("9995", "insufficient_funds", "card_declined", "Your card has insufficient funds."),
    number: "4000000000009995",
  },
  chargeDeclinedLostCard: { ...declined("9987", "lost_card"), number: "4000000000009987" },
  chargeDeclinedStolenCard: { ...declined("9979", "stolen_card"), number: "4000000000009979" },
  chargeDeclinedFraudulent: { ...declined("0019", "fraudulent"), number: "4100000000000019" },
  chargeDeclinedExpiredCard: {
    ...declined("0069", "expired_card", "expired_card", "Your card has expired."),
    number: "4000000000000069",
  },
  chargeDeclinedIncorrectCvc: {
    ...declined("0127", "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
    number: "4000000000000127",
  },
  chargeDeclinedProcessingError: {
    ...declined(
      "0119",
      "processing_error",
      "processing_error",
      "An error occurred while processing your card. Try again in a little bit.",
    ),
    number: "4000000000000119",
  },
};

/** Not cards: the first is Stripe's, the second the sandbox's own (at Stripe a konbini payment has no token). */
const bankStyle: Record<string, TestPaymentMethod> = {
  pm_usBankAccount_success: {
    ...plain,
    type: "us_bank_account",
    brand: "STRIPE TEST BANK",
    last4: "6789",
    refund: "pending_then_succeeds",
  },
  pm_sandbox_konbini: {
    ...plain,
    type: "konbini",
    brand: "seicomart",
    country: "JP",
    refund: "requires_action",
  },
};

const byNumber = new Map(
  Object.entries(table).flatMap(([key, { number }]) => (number ? [[number, key] as const] : [])),
);
const keysByLowerCase = new Map(Object.keys(table).map((key) => [key.toLowerCase(), key]));

/**
 * The key of a test payment method from a token (`tok_visa`), a payment method (`pm_card_visa`,
 * `pm_card_visa_chargeDeclined`) or a card number with or without spaces; undefined when there is none.
 */
export function findTestPaymentMethod(reference: string): string | undefined {
  if (bankStyle[reference]) return reference;
  const digits = reference.replace(/[ -]/g, "");
  if (/^\d+$/.test(digits)) return byNumber.get(digits);
  const name = /^(?:pm_card_|tok_)(.+)$/.exec(reference)?.[1];
  if (name === undefined) return undefined;
  const key = name.toLowerCase();
  return keysByLowerCase.get(key) ?? keysByLowerCase.get(key.replace(/^visa_/, ""));
}

/** The test payment method of a key answered by `findTestPaymentMethod`. Throws a plain Error otherwise. */
export function testPaymentMethod(key: string): TestPaymentMethod {
  const method = table[key] ?? bankStyle[key];
  if (!method) throw new Error(`Test payment method ${key} is not in the sandbox's table.`);
  return method;
}
