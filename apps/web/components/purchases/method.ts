import type { PurchaseSummary } from "@redress/core/purchases/purchase-view";

const brands: Readonly<Record<string, string>> = {
  amex: "American Express",
  diners: "Diners Club",
  jcb: "JCB",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  sepa_debit: "SEPA direct debit",
};

/** "Visa •••• 4242", or null when Stripe did not say. */
export function methodName({ paymentMethod }: Pick<PurchaseSummary, "paymentMethod">): string | null {
  if (!paymentMethod) return null;
  const { brand, last4 } = paymentMethod;
  const name = brands[brand] ?? brand.charAt(0).toUpperCase() + brand.slice(1).replaceAll("_", " ");
  return last4 ? `${name} •••• ${last4}` : name;
}
