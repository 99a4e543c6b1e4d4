import type Stripe from "stripe";
import { API_VERSION } from "../api-version.ts";
import type { EventType } from "../context.ts";
import { defineCollection, type StoredRecord } from "../store/collection.ts";
import type { EndpointRecord } from "./endpoint.ts";

/** An event as stored in the scope of the account that it happened on. */
export interface EventRecord extends StoredRecord {
  readonly type: EventType;
  /** The object as it was then, in its wire shape. */
  readonly object: object;
  readonly previous: Readonly<Record<string, unknown>> | null;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  /** How many endpoints it was meant for. */
  readonly endpoints: number;
}

export const eventRecords = defineCollection<EventRecord, "type">("events", { type: (event) => event.type });

/** Events about the connection itself: they go to Connect endpoints only. Source: contract section 1.7. */
export function isAboutConnection(type: string): boolean {
  return type.startsWith("account.application.");
}

/** The wire shape. `account` is present only on Connect deliveries. */
export function formatEvent(
  event: EventRecord,
  view: { apiVersion: string; pendingWebhooks: number; account?: string | undefined },
): Stripe.EventBase {
  return {
    id: event.id,
    object: "event",
    ...(view.account === undefined ? {} : { account: view.account }),
    api_version: view.apiVersion,
    created: event.created,
    data: {
      object: event.object,
      ...(event.previous === null ? {} : { previous_attributes: event.previous }),
    },
    livemode: false,
    pending_webhooks: view.pendingWebhooks,
    request: event.request,
    type: event.type,
  };
}

/** The body of a delivery: pretty-printed as Stripe does, so that re-serialising breaks the signature. */
export function deliveryBody(event: EventRecord, endpoint: EndpointRecord, account: string): string {
  const shown = formatEvent(event, {
    apiVersion: endpoint.api_version ?? API_VERSION,
    pendingWebhooks: event.endpoints,
    account: endpoint.connect ? account : undefined,
  });
  return JSON.stringify(shown, null, 2);
}
