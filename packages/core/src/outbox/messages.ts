import { refundStatuses } from "@redress/database";
import { z } from "zod";

/** What those who may approve a request are told of it. */
export const approvalOccasions = ["asked", "reminder", "escalated", "decided", "commented"] as const;
export type ApprovalOccasion = (typeof approvalOccasions)[number];

/** What those who may approve a list of refunds are told of it: it waits, or it does so no longer. */
export const bulkOccasions = ["asked", "decided"] as const;
export type BulkOccasion = (typeof bulkOccasions)[number];

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
  "approval/told.due": z.object({ refundId: z.string(), occasion: z.enum(approvalOccasions) }),
  /** What an agent's webhook is told: the status that its refund had reached at that moment. */
  "agent/told.due": z.object({
    keyId: z.string(),
    refundId: z.string(),
    status: z.enum(refundStatuses),
    changedAt: z.iso.datetime(),
    /** The `webhook-id`, the same at each attempt. */
    webhookId: z.string(),
    attempt: z.int().positive(),
  }),
  /** A message as `queueMail` sealed it. */
  "mail/sending.due": z.object({ sealed: z.string() }),
  "purchases/import.requested": z.object({ appId: z.string() }),
  "bulk/preparation.due": z.object({ bulkRefundId: z.string() }),
  "bulk/told.due": z.object({ bulkRefundId: z.string(), occasion: z.enum(bulkOccasions) }),
  "bulk/execution.due": z.object({ bulkRefundId: z.string() }),
};

export type Messages = { [Name in keyof typeof messageSchemas]: z.infer<(typeof messageSchemas)[Name]> };
export type MessageName = keyof Messages;
export type MessageData<Name extends MessageName> = Messages[Name];
