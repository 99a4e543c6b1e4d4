import { defineCollection, type StoredRecord } from "../store/collection.ts";

/** One attempt to bring one event to one endpoint. */
export interface DeliveryRecord extends StoredRecord {
  readonly event: string;
  readonly type: string;
  /** The account that the event happened on. */
  readonly account: string;
  readonly endpoint: string;
  /** Whose endpoint it is. */
  readonly owner: string;
  readonly connect: boolean;
  /** 1 for the first. */
  readonly attempt: number;
  /** Only the automatic series is retried; extra copies and manual resends are not. */
  readonly series: "automatic" | "copy" | "manual";
  /** due: to be sent now; waiting: a timer makes it due. */
  readonly status: "due" | "waiting" | "held" | "delivered" | "failed" | "dropped";
  readonly responseStatus: number | null;
  /** When it was, or will be, sent: epoch milliseconds of the sandbox clock. */
  readonly atMs: number;
}

export const deliveryRecords = defineCollection<DeliveryRecord, "event" | "open">("deliveries", {
  event: (delivery) => delivery.event,
  /** Those that something still has to happen to. */
  open: ({ status }) => (status === "due" || status === "held" ? status : null),
});

/** One line of `GET /admin/deliveries`. */
export interface Delivery {
  id: string;
  event: string;
  type: string;
  account?: string;
  endpoint: string;
  attempt: number;
  status: "pending" | "delivered" | "failed" | "dropped" | "held";
  responseStatus?: number;
  /** Epoch milliseconds of the sandbox clock: when it was, or will be, sent. */
  at: number;
}

export function formatDelivery(delivery: DeliveryRecord): Delivery {
  const { status } = delivery;
  return {
    id: delivery.id,
    event: delivery.event,
    type: delivery.type,
    ...(delivery.connect ? { account: delivery.account } : {}),
    endpoint: delivery.endpoint,
    attempt: delivery.attempt,
    status: status === "due" || status === "waiting" ? "pending" : status,
    ...(delivery.responseStatus === null ? {} : { responseStatus: delivery.responseStatus }),
    at: delivery.atMs,
  };
}
