import { z } from "zod";

const transaction = z.object({
  id: z.string().min(1),
  object: z.literal("balance_transaction"),
  amount: z.int(),
  currency: z.string().min(3),
  fee: z.int(),
  fee_details: z.array(z.object({ amount: z.int(), type: z.string() })),
  net: z.int(),
  created: z.int(),
  available_on: z.int(),
});

/** Not expanded, it is its id; where no money moved, there is none. */
const member = z
  .union([transaction, z.string()])
  .nullish()
  .transform((value) => (typeof value === "object" ? value : null));

const schema = z.object({
  object: z.literal("refund"),
  balance_transaction: member,
  failure_balance_transaction: member,
});

/** One movement of an account's balance, as Stripe booked it: signed, in the currency of the balance. */
export interface Booking {
  readonly stripeBalanceTransactionId: string;
  readonly settledCurrency: string;
  readonly settledAmount: number;
  /** What Stripe took, without the application fee. */
  readonly fee: number;
  /** What the platform gave back of its own fee. */
  readonly applicationFeeRefunded: number;
  readonly net: number;
  readonly bookedAt: Date;
  readonly availableOn: Date;
}

/**
 * The movements of a refund whose balance transactions were expanded.
 *
 * @returns null when it is no refund of Stripe's
 */
export function readBookings(
  stripeRefund: unknown,
): { refund: Booking | null; failure: Booking | null } | null {
  const parsed = schema.safeParse(stripeRefund);
  if (!parsed.success) return null;
  const { balance_transaction: refund, failure_balance_transaction: failure } = parsed.data;
  return { refund: refund && bookingOf(refund), failure: failure && bookingOf(failure) };
}

/** Of the fees, those of the platform are told apart: on the app's account a fee that comes back counts as below zero. */
function bookingOf(booked: z.output<typeof transaction>): Booking {
  const ofPlatform = booked.fee_details.filter(({ type }) => type === "application_fee");
  const applicationFee = ofPlatform.reduce((sum, { amount }) => sum + amount, 0);
  return {
    stripeBalanceTransactionId: booked.id,
    settledCurrency: booked.currency,
    settledAmount: booked.amount,
    fee: booked.fee - applicationFee,
    // Not -0, which is not 0 to whoever compares.
    applicationFeeRefunded: 0 - applicationFee,
    net: booked.net,
    bookedAt: new Date(booked.created * 1000),
    availableOn: new Date(booked.available_on * 1000),
  };
}
