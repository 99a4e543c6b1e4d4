import type Stripe from "stripe";
import { defineCollection, type StoredRecord } from "../store/collection.ts";

/** A webhook endpoint, kept in the scope of the account that owns it. */
export interface EndpointRecord extends StoredRecord {
  readonly url: string;
  readonly secret: string;
  /** Takes the events of connected accounts instead of the owner's own. */
  readonly connect: boolean;
  /** `ca_…` on Connect endpoints. */
  readonly application: string | null;
  readonly enabled_events: readonly string[];
  readonly api_version: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly status: "enabled" | "disabled";
}

export const endpointRecords = defineCollection<EndpointRecord>("webhook_endpoints", {});

/** The wire shape; the secret is shown only in the answer that creates the endpoint. */
export function formatEndpoint(
  endpoint: EndpointRecord,
  options: { secret: boolean },
): Stripe.WebhookEndpoint {
  return {
    id: endpoint.id,
    object: "webhook_endpoint",
    api_version: endpoint.api_version,
    application: endpoint.application,
    created: endpoint.created,
    description: endpoint.description,
    enabled_events: [...endpoint.enabled_events],
    livemode: false,
    metadata: { ...endpoint.metadata },
    ...(options.secret ? { secret: endpoint.secret } : {}),
    status: endpoint.status,
    url: endpoint.url,
  };
}

/** `charge.*` covers `charge.refund.updated`, `*` everything. */
export function matchesType(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

export function wants(endpoint: EndpointRecord, type: string): boolean {
  return (
    endpoint.status === "enabled" && endpoint.enabled_events.some((pattern) => matchesType(pattern, type))
  );
}
