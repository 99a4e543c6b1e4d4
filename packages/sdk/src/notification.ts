import { z } from "zod";

const refund = z.object({
  id: z.string(),
  stripe_refund_id: z.string().nullable(),
  /** In the currency's smallest unit. */
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  reason: z.string().nullable(),
  failure_reason: z.string().nullable(),
});

const purchase = z.object({
  id: z.string(),
  stripe_charge_id: z.string(),
  stripe_payment_intent_id: z.string().nullable(),
  order_number: z.string().nullable(),
  customer_email: z.string().nullable(),
  /** What was captured, and what of it has been returned, in the currency's smallest unit. */
  amount: z.int(),
  amount_refunded: z.int(),
  currency: z.string(),
});

/**
 * What Redress tells an app about a refund. Unknown members are ignored, so that Redress can add some.
 *
 * `access` is the whole decision: `revoke` and `restore` say what must be true afterwards, `keep` that
 * nothing changes. `sequence` counts the messages about one purchase: a lower one is out of date.
 */
export const notificationSchema = z.object({
  type: z.enum(["refund.succeeded", "refund.failed"]),
  timestamp: z.string(),
  data: z.object({
    sequence: z.int().positive(),
    access: z.enum(["revoke", "restore", "keep"]),
    app: z.string(),
    purchase,
    refund,
  }),
});

export type Notification = z.infer<typeof notificationSchema>;

/** A message about nothing, by which an operator tries out address and secret. The handler answers it by itself. */
export const pingSchema = z.object({
  type: z.literal("ping"),
  timestamp: z.string(),
  data: z.object({ app: z.string() }),
});

export type Ping = z.infer<typeof pingSchema>;

/** All that Redress sends. */
export const receivedSchema = z.discriminatedUnion("type", [notificationSchema, pingSchema]);
