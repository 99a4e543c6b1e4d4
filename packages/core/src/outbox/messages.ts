/** Every message that starts a workflow. W2 fixes the name and shape of the first. */
export interface Messages {
  "stripe/event.received": {
    id: string;
    type: string;
    /** The event's `data` as Stripe sent it: `{ object, previous_attributes? }`. */
    data: Record<string, unknown>;
    accountId: string | null;
    /** Seconds since 1970, as Stripe sends it. */
    created: number;
    livemode: boolean;
  };
  "refund/execution.due": { refundId: string };
  "notification/delivery.due": { notificationId: string };
  "purchases/import.requested": { appId: string };
}

export type MessageName = keyof Messages;
export type MessageData<Name extends MessageName> = Messages[Name];
