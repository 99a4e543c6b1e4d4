import type { Dependencies } from "../dependencies.ts";
import type { ErrorCode } from "../errors.ts";
import { routeOf } from "../workflows/stripe-event-routes.ts";
import { inboxOf, type ReceivedEvent } from "./inbox.ts";
import { parseStripeEvent, type StripeEventEnvelope } from "./stripe-event.ts";

/** Far more than Stripe's largest events. */
export const maximumBodyBytes = 1_048_576;
/** Stripe: verify signatures, default tolerance. */
const toleranceSeconds = 300;

export interface IngestInput {
  /** Exactly the bytes that came: a body that was parsed and written again does not fit its signature. */
  readonly rawBody: Buffer | string;
  /** The header `Stripe-Signature`. */
  readonly signature: string | undefined;
  /** The header `Content-Length`. */
  readonly contentLength?: number;
}

export interface IngestAnswer {
  readonly status: 200 | 400 | 413 | 503;
  readonly body: { received: true } | { error: { code: ErrorCode; message: string } };
}

type IngestDependencies = Pick<
  Dependencies,
  "database" | "clock" | "random" | "logger" | "settings" | "stripe" | "wakeOutbox"
>;

/**
 * Takes one webhook message from Stripe (W1): checks its signature against every configured secret, and
 * answers 200 once the event and the message for the workflow engine are committed, together. An event
 * that came before is acknowledged and changes nothing.
 */
export async function ingestWebhook(
  dependencies: IngestDependencies,
  input: IngestInput,
): Promise<IngestAnswer> {
  const size = Math.max(Buffer.byteLength(input.rawBody), input.contentLength ?? 0);
  if (size > maximumBodyBytes) {
    return refuse(
      413,
      "webhook_body_too_large",
      "The body is larger than 1 MiB, which no event of Stripe is.",
    );
  }
  const endpoint = findEndpoint(dependencies, input);
  if (endpoint === null) {
    return refuse(
      400,
      "webhook_signature_invalid",
      "The signature is missing, too old, or fits none of the configured secrets. Check STRIPE_WEBHOOK_SECRET and STRIPE_CONNECT_WEBHOOK_SECRET, and that the body reaches Redress unchanged.",
    );
  }
  const payload = input.rawBody.toString();
  const event = parseStripeEvent(payload);
  if (event === null) {
    return refuse(
      400,
      "webhook_body_invalid",
      "The body is signed, but it is not a snapshot event of Stripe.",
    );
  }
  try {
    const ignored = whyIgnored(dependencies, event);
    await inboxOf(dependencies).put({ event, payload, endpoint, ignored });
  } catch (error) {
    dependencies.logger.error(
      { err: error, eventId: event.id },
      "An event could not be stored; Stripe will send it again.",
    );
    return refuse(503, "database_unavailable", "The event could not be stored. Send it again later.");
  }
  dependencies.wakeOutbox();
  return { status: 200, body: { received: true } };
}

function refuse(status: IngestAnswer["status"], code: ErrorCode, message: string): IngestAnswer {
  return { status, body: { error: { code, message } } };
}

/** Which endpoint's secret signed the body. Both may hold several, so that a secret can be rolled. */
function findEndpoint(
  dependencies: IngestDependencies,
  input: IngestInput,
): ReceivedEvent["endpoint"] | null {
  const { platformWebhookSecrets, connectWebhookSecrets } = dependencies.settings.stripe;
  const { rawBody, signature } = input;
  if (signature === undefined) return null;
  const fits = (secret: string) => isSigned(dependencies, { rawBody, signature, secret });
  if (platformWebhookSecrets.some(fits)) return "platform";
  if (connectWebhookSecrets.some(fits)) return "connect";
  return null;
}

function isSigned(
  { stripe, clock }: IngestDependencies,
  { rawBody, signature, secret }: { rawBody: Buffer | string; signature: string; secret: string },
): boolean {
  const now = clock.now().getTime();
  try {
    return (
      stripe.webhooks.signature?.verifyHeader(rawBody, signature, secret, toleranceSeconds, undefined, now) ??
      false
    );
  } catch {
    return false;
  }
}

/** A live endpoint gets test events too (Stripe: Connect webhooks, mode matrix). */
export function whyIgnored(
  { settings }: Pick<Dependencies, "settings">,
  event: StripeEventEnvelope,
): ReceivedEvent["ignored"] {
  if (event.livemode !== (settings.mode === "live")) return "other_mode";
  return routeOf(event.type) === undefined ? "unknown_type" : null;
}
