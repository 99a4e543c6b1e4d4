import { type RefundReason, refundReasons } from "@redress/database";
import { z } from "zod";

/** The states of a refund at Stripe. */
export const stripeRefundStatuses = [
  "pending",
  "requires_action",
  "succeeded",
  "failed",
  "canceled",
] as const;
export type StripeRefundStatus = (typeof stripeRefundStatuses)[number];

const schema = z.object({
  id: z.string().min(1),
  object: z.literal("refund"),
  amount: z.int(),
  currency: z.string().min(3),
  charge: z.union([z.string(), z.object({ id: z.string() })]).nullish(),
  created: z.int(),
  status: z.string().nullish(),
  reason: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  failure_reason: z.string().nullish(),
  pending_reason: z.string().nullish(),
  destination_details: z.looseObject({ type: z.string() }).nullish(),
});
const referenceSchema = z.object({ reference: z.string().min(1) });

/** What the desk needs of Stripe's refund object. */
export interface StripeRefundSnapshot {
  readonly id: string;
  readonly chargeId: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly status: StripeRefundStatus;
  readonly createdAt: Date;
  readonly reason: RefundReason | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly failureReason: string | null;
  readonly pendingReason: string | null;
  /** The reference (ARN) with which the customer's bank finds the money. */
  readonly bankReference: string | null;
}

/** The refund in an answer or event of Stripe's, or null when it is none. */
export function readStripeRefund(value: unknown): StripeRefundSnapshot | null {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return null;
  const { data } = parsed;
  const details = data.destination_details;
  const reference = details ? referenceSchema.safeParse(details[details.type]) : undefined;
  return {
    id: data.id,
    chargeId: typeof data.charge === "string" ? data.charge : (data.charge?.id ?? null),
    amount: data.amount,
    currency: data.currency,
    // A status that is missing or new says nothing is finished: ask again later.
    status: stripeRefundStatuses.find((status) => status === data.status) ?? "pending",
    createdAt: new Date(data.created * 1000),
    reason: refundReasons.find((reason) => reason === data.reason) ?? null,
    metadata: data.metadata ?? {},
    failureReason: data.failure_reason ?? null,
    pendingReason: data.pending_reason ?? null,
    bankReference: reference?.success ? reference.data.reference : null,
  };
}
