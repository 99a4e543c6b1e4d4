import type Stripe from "stripe";
import { testPaymentMethod } from "./test-payment-methods.ts";

/** `charge.payment_method_details`: how the customer paid, as it was at the time of the charge. */
export function formatPaymentMethodDetails(
  charge: Readonly<{ method: string; amount: number; status: string }>,
): Stripe.Charge.PaymentMethodDetails {
  const method = testPaymentMethod(charge.method);
  if (method.type === "konbini") return { konbini: { store: { chain: "seicomart" } }, type: "konbini" };
  if (method.type === "us_bank_account") {
    return { us_bank_account: formatBankAccount(method.brand, method.last4), type: "us_bank_account" };
  }
  return {
    card: {
      amount_authorized: charge.status === "succeeded" ? charge.amount : null,
      authorization_code: null,
      brand: method.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
      country: method.country,
      electronic_commerce_indicator: null,
      exp_month: 12,
      exp_year: 2034,
      extended_authorization: { status: "disabled" },
      fingerprint: `fp_${method.brand}_${method.last4}`,
      funding: method.funding,
      incremental_authorization: { status: "unavailable" },
      installments: null,
      last4: method.last4,
      mandate: null,
      multicapture: { status: "unavailable" },
      network: method.brand,
      network_token: { used: false },
      network_transaction_id: null,
      overcapture: { maximum_amount_capturable: charge.amount, status: "unavailable" },
      regulated_status: "unregulated",
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
    type: "card",
  };
}

function formatBankAccount(bank: string, last4: string): Stripe.Charge.PaymentMethodDetails.UsBankAccount {
  return {
    account_holder_type: "individual",
    account_type: "checking",
    bank_name: bank,
    fingerprint: `fp_bank_${last4}`,
    last4,
    payment_reference: null,
    routing_number: "110000000",
  };
}
