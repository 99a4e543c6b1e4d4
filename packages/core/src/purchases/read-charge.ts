import { z } from "zod";

const text = z.string().nullish();
const id = z.union([z.string(), z.object({ id: z.string() }).transform((object) => object.id)]).nullish();

/** Only the members that a purchase is made of (Stripe: Charge object); the rest may change as it likes. */
const chargeSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  captured: z.boolean(),
  amount_captured: z.int().nonnegative(),
  currency: z.string().regex(/^[a-z]{3}$/),
  created: z.int().nonnegative(),
  livemode: z.boolean(),
  application: id,
  application_fee: id,
  application_fee_amount: z.int().nonnegative().nullish(),
  payment_intent: id,
  customer: id,
  description: text,
  receipt_email: text,
  billing_details: z.object({ email: text, name: text }).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  payment_method_details: z
    .object({ type: text, card: z.object({ brand: text, last4: text }).nullish() })
    .nullish(),
});

/** A charge that took money, as a purchase keeps it. */
export interface ChargeFacts {
  readonly stripeChargeId: string;
  readonly stripePaymentIntentId: string | null;
  readonly stripeCustomerId: string | null;
  readonly livemode: boolean;
  readonly amountCaptured: number;
  readonly currency: string;
  /** What the platform `stripeApplicationId` took of it. Null: nothing. */
  readonly applicationFee: number | null;
  readonly stripeApplicationId: string | null;
  readonly customerEmail: string | null;
  readonly customerName: string | null;
  readonly productName: string | null;
  readonly orderNumber: string | null;
  readonly description: string | null;
  readonly paymentMethodBrand: string | null;
  readonly paymentMethodLast4: string | null;
  readonly purchasedAt: Date;
}

/**
 * Reads a charge of Stripe's, from the API or from an event.
 *
 * @returns null for one that took no money: failed, pending, or authorized and not captured yet
 * @throws ZodError when it is not a charge
 */
export function readCharge(charge: unknown): ChargeFacts | null {
  const read = chargeSchema.parse(charge);
  if (read.status !== "succeeded" || !read.captured || read.amount_captured === 0) return null;
  const { metadata, billing_details: billing, payment_method_details: method } = read;
  return {
    stripeChargeId: read.id,
    stripePaymentIntentId: read.payment_intent ?? null,
    stripeCustomerId: read.customer ?? null,
    livemode: read.livemode,
    amountCaptured: read.amount_captured,
    currency: read.currency,
    // An amount without a fee object was announced, and not taken.
    applicationFee: read.application_fee ? (read.application_fee_amount ?? null) : null,
    stripeApplicationId: read.application ?? null,
    customerEmail: billing?.email || read.receipt_email || metadata?.customer_email || null,
    customerName: billing?.name || metadata?.customer_name || null,
    productName: metadata?.product_name || metadata?.product || null,
    orderNumber: metadata?.order_number || metadata?.order_id || null,
    description: read.description || null,
    paymentMethodBrand: method?.card?.brand ?? method?.type ?? null,
    paymentMethodLast4: method?.card?.last4 ?? null,
    purchasedAt: new Date(read.created * 1000),
  };
}
