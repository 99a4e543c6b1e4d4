import { deliveries, notifications } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Dependencies, OutboundResponse } from "../dependencies.ts";
import { OutboundError } from "../outbound/errors.ts";
import { inSpan } from "../tracing/span.ts";
import { delayAfter, parseRetryAfter } from "./back-off.ts";
import { type ClaimedDelivery, claimDelivery } from "./claim.ts";
import { explainStatus } from "./explain-outcome.ts";
import { loggedHeaders } from "./logged-headers.ts";
import { recordAnswer } from "./record-answer.ts";
import { signMessage } from "./sign-message.ts";

const timeoutMs = 15_000;
const maximumAnswerBytes = 4_096;

type NotificationStatus = (typeof notifications.$inferSelect)["status"];

/** What an app may say in its 2xx. Anything else, or nothing, means `received`. */
const answerSchema = z.object({
  status: z.enum(["received", "done", "declined"]),
  reason: z.string().max(1_000).nullish().catch(null),
});
type Answer = z.infer<typeof answerSchema>;

/** What one attempt brought: an answer of any status, or the reason why there was none. */
type Attempt = { readonly headers: Readonly<Record<string, string>> } & (
  | { readonly response: OutboundResponse }
  | { readonly errorCode: string; readonly sentence: string }
);

/**
 * Makes one attempt to tell an app, signed as Standard Webhooks asks: the same id at each attempt, with a
 * fresh timestamp. What the app answers is kept.
 *
 * @returns the notification's status, and when the next attempt is due; null when there is to be none
 */
export async function deliverNotification(
  dependencies: Dependencies,
  input: { notificationId: string; correlationId: string },
): Promise<{ status: NotificationStatus; nextAttemptAt: Date | null }> {
  const claimed = await claimDelivery(dependencies, input.notificationId);
  if (claimed.kind === "nothing") return claimed;
  const attempt = await sendObserved(dependencies, claimed, input.correlationId);
  return keep(dependencies, { claimed, attempt, correlationId: input.correlationId });
}

async function sendObserved(
  dependencies: Dependencies,
  claimed: ClaimedDelivery,
  correlationId: string,
): Promise<Attempt> {
  const { notification } = claimed;
  const end = dependencies.meter?.start("redress_notification_delivery_seconds");
  const attributes = {
    "redress.correlation_id": correlationId,
    "redress.notification_id": notification.id,
    "redress.app_id": notification.appId,
    "redress.attempt": notification.attemptCount,
    ...(notification.refundId !== null && { "redress.refund_id": notification.refundId }),
  };
  return inSpan({ name: `notify ${notification.type}`, kind: "client", attributes }, async (span) => {
    const attempt = await send(dependencies, claimed);
    if ("response" in attempt) {
      const { status } = attempt.response;
      span.setAttribute("http.response.status_code", status);
      end?.({ outcome: `${Math.floor(status / 100)}xx` });
    } else {
      span.setAttribute("error.type", attempt.errorCode);
      end?.({ outcome: attempt.errorCode });
    }
    return attempt;
  });
}

async function send(dependencies: Dependencies, claimed: ClaimedDelivery): Promise<Attempt> {
  let headers: Record<string, string> = {};
  try {
    const { notification, secretCiphertexts } = claimed;
    const message = signMessage(dependencies, { ...notification, secretCiphertexts });
    headers = message.headers;
    const { url } = claimed;
    const limits = { timeoutMs, maximumBytes: maximumAnswerBytes };
    return { headers, response: await dependencies.outbound.post({ url, ...message, ...limits }) };
  } catch (error) {
    if (error instanceof OutboundError) return { headers, errorCode: error.code, sentence: error.message };
    dependencies.logger.error(
      { err: error, notificationId: claimed.notification.id },
      "A notification could not be signed.",
    );
    const sentence =
      "The app's notification secret could not be read. Was REDRESS_SECRET changed? Make a new one.";
    return { headers, errorCode: "signing_failed", sentence };
  }
}

async function keep(
  dependencies: Dependencies,
  { claimed, attempt, correlationId }: { claimed: ClaimedDelivery; attempt: Attempt; correlationId: string },
): Promise<{ status: NotificationStatus; nextAttemptAt: Date | null }> {
  const { notification, deliveryId } = claimed;
  const answer = "response" in attempt ? readAnswer(attempt.response) : null;
  const next = nextAfter(dependencies, { claimed, attempt, answer });
  const status = await dependencies.database.transaction(async (transaction) => {
    await transaction
      .update(deliveries)
      .set({ finishedAt: dependencies.clock.now(), ...outcomeOf(attempt) })
      .where(eq(deliveries.id, deliveryId));
    if (answer === null || answer.status === "received" || notification.purchaseId === null) {
      // What the app said meanwhile by itself stands.
      await transaction
        .update(notifications)
        .set({ ...next, leaseUntil: null })
        .where(and(eq(notifications.id, notification.id), eq(notifications.status, "pending")));
      return next.status;
    }
    const { status: answered, reason = null } = answer;
    const actor = { kind: "app", id: notification.appId } as const;
    const word = { notificationId: notification.id, status: answered, reason, actor, correlationId };
    return (await recordAnswer(dependencies, transaction, word)).status;
  });
  return { status, nextAttemptAt: next.nextAttemptAt };
}

function outcomeOf(attempt: Attempt): Partial<typeof deliveries.$inferInsert> {
  const requestHeaders = loggedHeaders(attempt.headers);
  if ("response" in attempt) {
    const { status, headers, body } = attempt.response;
    return {
      requestHeaders,
      httpStatus: status,
      responseHeaders: loggedHeaders(headers),
      // PostgreSQL's text cannot hold U+0000.
      responseBody: body.replaceAll("\u0000", "\uFFFD"),
      errorMessage: explainStatus(status),
    };
  }
  return { requestHeaders, errorCode: attempt.errorCode, errorMessage: attempt.sentence };
}

/** @returns null when the answer is no acceptance */
function readAnswer({ status, body }: OutboundResponse): Answer | null {
  if (status < 200 || status > 299) return null;
  try {
    return answerSchema.parse(JSON.parse(body));
  } catch {
    return { status: "received" };
  }
}

interface Next {
  readonly status: "received" | "pending" | "done" | "dead";
  readonly nextAttemptAt: Date | null;
  readonly receivedAt?: Date;
  readonly doneAt?: Date;
}

function nextAfter(
  dependencies: Dependencies,
  { claimed, attempt, answer }: { claimed: ClaimedDelivery; attempt: Attempt; answer: Answer | null },
): Next {
  const now = dependencies.clock.now();
  if (claimed.notification.type === "ping") {
    // Whoever sent it sees the answer, and sends another.
    if (answer === null) return { status: "dead", nextAttemptAt: null };
    return { status: "done", nextAttemptAt: null, receivedAt: now, doneAt: now };
  }
  if (answer === null) return afterFailure(dependencies, claimed, attempt);
  return { status: "received", nextAttemptAt: null, receivedAt: now };
}

/** An app that keeps failing raises an alarm, but is never switched off: a lost revocation is lost business. */
function afterFailure(
  dependencies: Dependencies,
  { notification, url }: ClaimedDelivery,
  attempt: Attempt,
): Next {
  const now = dependencies.clock.now();
  const retryAfter = "response" in attempt ? attempt.response.headers["retry-after"] : undefined;
  const delayMs = delayAfter(
    dependencies.random,
    notification.attemptCount,
    parseRetryAfter(retryAfter, now),
  );
  const facts = {
    notificationId: notification.id,
    appId: notification.appId,
    host: URL.canParse(url) ? new URL(url).host : null,
    attempt: notification.attemptCount,
    outcome: "response" in attempt ? attempt.response.status : attempt.errorCode,
  };
  if (delayMs === null) {
    dependencies.logger.error(
      facts,
      "An app could not be told for days; nobody tries any more. Send the notification again once the app works.",
    );
    return { status: "dead", nextAttemptAt: null };
  }
  dependencies.logger.warn(facts, "An app did not take a notification; it is sent again later.");
  return { status: "pending", nextAttemptAt: new Date(now.getTime() + delayMs) };
}
