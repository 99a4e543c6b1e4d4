import { z } from "zod";

/** Every message that starts a workflow. W2 fixes the name and shape of the first. */
export const messageSchemas = {
  "stripe/event.received": z.object({
    id: z.string(),
    type: z.string(),
    /** As Stripe sent it, `{ object, previous_attributes? }`; of a thin event `{ related_object }`. */
    data: z.record(z.string(), z.unknown()),
    accountId: z.string().nullable(),
    /** Seconds since 1970, as Stripe sends it. */
    created: z.number(),
    livemode: z.boolean(),
  }),
  "refund/execution.due": z.object({ refundId: z.string() }),
  "notification/delivery.due": z.object({ notificationId: z.string() }),
  /** A message as `queueMail` sealed it. */
  "mail/sending.due": z.object({ sealed: z.string() }),
  "purchases/import.requested": z.object({ appId: z.string() }),
};

export type Messages = { [Name in keyof typeof messageSchemas]: z.infer<(typeof messageSchemas)[Name]> };
export type MessageName = keyof Messages;
export type MessageData<Name extends MessageName> = Messages[Name];
