import type Stripe from "stripe";
import type { Target } from "./target.ts";

export interface Payment {
  intent: string;
  charge: string;
}

/** Lets a payment be confirmed on the server: no method that would send the customer elsewhere. */
export const cardsOnly = { enabled: true, allow_redirects: "never" } as const;

/**
 * A payment on the connected account, its funds available at once unless another payment method is given.
 * Amounts in minor units; 50.00 USD by default.
 */
export async function pay(
  target: Target,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
  options: Stripe.RequestOptions = target.on,
): Promise<Payment> {
  const intent = await target.stripe.paymentIntents.create(
    {
      amount: 5000,
      currency: "usd",
      payment_method: "pm_card_bypassPending",
      automatic_payment_methods: cardsOnly,
      confirm: true,
      ...params,
    },
    options,
  );
  return { intent: intent.id, charge: idOf(intent.latest_charge) };
}

/** A card payment whose money is reserved, not taken. */
export function authorize(
  target: Target,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Payment> {
  return pay(target, { capture_method: "manual", ...params });
}

/** The id of a reference, expanded or not. */
export function idOf(reference: string | { id: string } | null | undefined): string {
  if (!reference) throw new Error("Expected a reference to an object, got none.");
  return typeof reference === "string" ? reference : reference.id;
}
