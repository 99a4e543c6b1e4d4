import { isUtf8 } from "node:buffer";
import type { Span } from "@opentelemetry/api";
import type { Dependencies } from "../dependencies.ts";
import { type ErrorCode, isRedressError } from "../errors.ts";
import { withoutErased } from "../privacy/find-erased.ts";
import { currentTraceParent, inSpan } from "../tracing/span.ts";
import { checkSignature, judgeSignatureHeader } from "./check-signature.ts";
import { inboxOf } from "./inbox.ts";
import type { ReceivedEvent } from "./insert-events.ts";
import { judgeEvent } from "./judge-event.ts";
import { parseStripeEvent } from "./stripe-event.ts";

/** Far more than Stripe's largest events. */
export const maximumBodyBytes = 1_048_576;
const retryAfterSeconds = 5;

export interface IngestInput {
  /** Exactly the bytes that came: a body that was parsed and written again does not fit its signature. */
  readonly rawBody: Buffer;
  /** The header `Stripe-Signature`. */
  readonly signature: string | undefined;
}

export interface IngestAnswer {
  readonly status: 200 | 400 | 413 | 503;
  readonly body: { received: true } | { error: { code: ErrorCode; message: string } };
  /** The header `Retry-After`, where there is one. */
  readonly retryAfterSeconds?: number;
}

type IngestDependencies = Pick<
  Dependencies,
  "database" | "clock" | "random" | "logger" | "settings" | "secrets" | "wakeOutbox" | "meter"
>;

/**
 * Takes one webhook message from Stripe (W1): checks its signature against every configured secret, and
 * answers 200 once the event and the message for the workflow engine are committed, together. An event
 * that came before is acknowledged and changes nothing. Whatever is not simply handled leaves one line in
 * the log.
 */
export async function ingestWebhook(
  dependencies: IngestDependencies,
  input: IngestInput,
): Promise<IngestAnswer> {
  const end = dependencies.meter?.start("redress_webhook_answer_seconds");
  const span = { name: "stripe webhook", kind: "server" } as const;
  const answer = await inSpan(span, async (span) => {
    const answer = await takeIn(dependencies, input, span);
    span.setAttribute("http.response.status_code", answer.status);
    return answer;
  });
  end?.({ status: String(answer.status) });
  return answer;
}

async function takeIn(
  dependencies: IngestDependencies,
  { rawBody, signature }: IngestInput,
  span: Span,
): Promise<IngestAnswer> {
  const { settings, clock, logger } = dependencies;
  if (rawBody.byteLength > maximumBodyBytes) return refuseBody(logger, "too_large");
  const check = checkSignature(settings, { body: rawBody, header: signature, now: clock.now() });
  if (check.endpoint === null) return refuseSignature(logger, check.why);
  const event = isUtf8(rawBody) ? parseStripeEvent(rawBody.toString()) : null;
  if (event === null) return refuseBody(logger, "no_event");
  span.setAttributes({
    "stripe.event_id": event.id,
    "stripe.event_type": event.type,
    "redress.correlation_id": event.id,
    ...(event.accountId !== null && { "stripe.account": event.accountId }),
  });
  const received = {
    ...{ event, payload: rawBody, endpoint: check.endpoint, traceParent: currentTraceParent() },
    ...judgeEvent(dependencies, event),
  };
  return store(dependencies, received);
}

/**
 * The answer to what can be refused by its header alone, without reading a body that anybody may have sent.
 *
 * @returns null when the body is to be read and judged
 */
export function refuseUnread(
  { clock, logger }: Pick<Dependencies, "clock" | "logger">,
  signature: string | undefined,
): IngestAnswer | null {
  const check = judgeSignatureHeader(signature, clock.now());
  return check && refuseSignature(logger, check.why);
}

async function store(dependencies: IngestDependencies, received: ReceivedEvent): Promise<IngestAnswer> {
  const { logger } = dependencies;
  const { id: eventId, type } = received.event;
  try {
    // Only what no workflow waits for is looked at twice: the others are the desk's hot path.
    const kept = received.ignored ? await withoutErased(dependencies, received) : received;
    const { isNew, labels } = await inboxOf(dependencies).put(kept);
    if (!isNew) logger.info({ eventId, type }, "An event came again; nothing was changed.");
    else if (received.ignored)
      logger.info({ eventId, type, labels }, "An event was kept and is not handled.");
    else dependencies.wakeOutbox("event");
    return { status: 200, body: { received: true } };
  } catch (error) {
    if (!isRedressError(error)) throw error;
    const { code, message, cause } = error;
    // The message of the database alone: its details quote the row.
    const reason = cause instanceof Error ? cause.message : undefined;
    const facts = { eventId, type, code, reason };
    if (code === "webhook_body_invalid") {
      logger.error(facts, "An event could not be stored for what is in it.");
      return { status: 400, body: { error: { code, message } } };
    }
    logger.error(facts, "An event could not be stored; Stripe will send it again.");
    return { status: 503, body: { error: { code, message } }, retryAfterSeconds };
  }
}

const bodyRefusals = {
  too_large: {
    status: 413,
    code: "webhook_body_too_large",
    message: "The body is larger than 1 MiB, which no event of Stripe is.",
  },
  incomplete: {
    status: 400,
    code: "webhook_body_incomplete",
    message: "The body ended before its announced length. Send it again.",
  },
  no_event: {
    status: 400,
    code: "webhook_body_invalid",
    message: "The body is signed, but it is not an event of Stripe, neither a snapshot nor a thin one.",
  },
  no_room: {
    status: 503,
    code: "webhooks_overloaded",
    message: "More is sent at once than can be held. Send it again later.",
  },
} as const;

/** The answer to a body that cannot be taken, with its line in the log: also for those who read it. */
export function refuseBody(logger: Dependencies["logger"], why: keyof typeof bodyRefusals): IngestAnswer {
  const { status, code, message } = bodyRefusals[why];
  logger.warn({ code, why }, "A webhook was refused for its body.");
  const answer = { status, body: { error: { code, message } } };
  return status === 503 ? { ...answer, retryAfterSeconds } : answer;
}

function refuseSignature(logger: Dependencies["logger"], why: string): IngestAnswer {
  const code = "webhook_signature_invalid";
  const message =
    "The signature is missing, too old or of the future, or fits none of the configured secrets. Check STRIPE_WEBHOOK_SECRET and STRIPE_CONNECT_WEBHOOK_SECRET, the clock, and that the body reaches Redress unchanged.";
  logger.warn({ code, why }, "A webhook was refused for its signature.");
  return { status: 400, body: { error: { code, message } } };
}
