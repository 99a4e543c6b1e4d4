import { z } from "zod";
import { badRequest, noSuch } from "../../errors.ts";
import { form } from "../../http/params.ts";
import { findTestPaymentMethod, testPaymentMethod } from "./test-payment-methods.ts";

const address = z.strictObject({
  city: form.clearable(form.text()).optional(),
  country: form.clearable(form.text()).optional(),
  line1: form.clearable(form.text()).optional(),
  line2: form.clearable(form.text()).optional(),
  postal_code: form.clearable(form.text()).optional(),
  state: form.clearable(form.text()).optional(),
});

export const shippingParam = z
  .strictObject({
    address,
    carrier: form.text().optional(),
    name: form.text(),
    phone: form.text().optional(),
    tracking_number: form.text().optional(),
  })
  .transform(({ address: to, carrier, name, phone, tracking_number }) => ({
    address: {
      city: to.city ?? null,
      country: to.country ?? null,
      line1: to.line1 ?? null,
      line2: to.line2 ?? null,
      postal_code: to.postal_code ?? null,
      state: to.state ?? null,
    },
    carrier: carrier ?? null,
    name,
    phone: phone ?? null,
    tracking_number: tracking_number ?? null,
  }));

const card = z.strictObject({
  token: form.text().optional(),
  number: form.text().optional(),
  exp_month: form.integer({ minimum: 1, maximum: 12 }).optional(),
  exp_year: form.integer().optional(),
  cvc: form.text().optional(),
});

/** `payment_method_data`: details instead of the id of a payment method. */
export const paymentMethodData = z.strictObject({
  type: form.oneOf(["card", "us_bank_account", "konbini"]),
  card: card.optional(),
  billing_details: z
    .strictObject({
      address: address.optional(),
      email: form.clearable(form.text()).optional(),
      name: form.clearable(form.text()).optional(),
      phone: form.clearable(form.text()).optional(),
    })
    .optional(),
  metadata: form.metadata().optional(),
});

/**
 * The test payment method of `payment_method`; undefined when none was given.
 * @throws SandboxError 404 for one the sandbox does not know
 */
export function paymentMethodKey(
  id: string | undefined,
  data: z.output<typeof paymentMethodData> | undefined,
): string | undefined {
  if (id !== undefined) {
    const key = id.startsWith("pm_") ? findTestPaymentMethod(id) : undefined;
    if (key === undefined) throw noSuch("PaymentMethod", id, "payment_method");
    return key;
  }
  if (data === undefined) return undefined;
  if (data.type === "us_bank_account") return "pm_usBankAccount_success";
  if (data.type === "konbini") return "pm_sandbox_konbini";
  return cardKey(data.card?.token ?? data.card?.number ?? "", "payment_method_data[card]");
}

/**
 * The test card of a `source`: a token or a card number.
 * @throws SandboxError 404 for an unknown token, 402 for a number that is not a test card
 */
export function cardKey(reference: string, param: string): string {
  const key = findTestPaymentMethod(reference);
  if (key !== undefined && testPaymentMethod(key).type === "card") return key;
  if (reference.startsWith("tok_")) throw noSuch("token", reference, param);
  throw badRequest(
    "Your card number is not one of the sandbox's test cards. Use 4242424242424242, tok_visa or pm_card_visa.",
    { code: "incorrect_number", param },
  );
}
