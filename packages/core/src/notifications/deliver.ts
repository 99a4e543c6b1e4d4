import { deliveries, notifications } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { Webhook } from "standardwebhooks";
import { z } from "zod";
import type { Dependencies, OutboundResponse } from "../dependencies.ts";
import { OutboundError } from "../outbound/errors.ts";
import { delayAfter, parseRetryAfter } from "./back-off.ts";
import { type ClaimedDelivery, claimDelivery } from "./claim.ts";
import { recordAnswer } from "./record-answer.ts";

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
type Attempt =
  | { readonly response: OutboundResponse }
  | { readonly errorCode: string; readonly sentence: string };

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
  const attempt = await send(dependencies, claimed);
  return keep(dependencies, { claimed, attempt, correlationId: input.correlationId });
}

async function send(
  dependencies: Dependencies,
  { notification, url, secretCiphertext }: ClaimedDelivery,
): Promise<Attempt> {
  const now = dependencies.clock.now();
  const body = JSON.stringify(notification.payload);
  try {
    const signer = new Webhook(dependencies.secrets.open(secretCiphertext));
    const headers = {
      "content-type": "application/json",
      "user-agent": "Redress",
      "webhook-id": notification.id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": signer.sign(notification.id, now, body),
    };
    const response = await dependencies.outbound.post({
      url,
      headers,
      body,
      timeoutMs,
      maximumBytes: maximumAnswerBytes,
    });
    return { response };
  } catch (error) {
    if (error instanceof OutboundError) return { errorCode: error.code, sentence: error.message };
    dependencies.logger.error(
      { err: error, notificationId: notification.id },
      "A notification could not be signed.",
    );
    return { errorCode: "signing_failed", sentence: "The app's notification secret could not be read." };
  }
}

async function keep(
  dependencies: Dependencies,
  { claimed, attempt, correlationId }: { claimed: ClaimedDelivery; attempt: Attempt; correlationId: string },
): Promise<{ status: NotificationStatus; nextAttemptAt: Date | null }> {
  const { notification, deliveryId } = claimed;
  const answer = "response" in attempt ? readAnswer(attempt.response) : null;
  const next = answer === null ? afterFailure(dependencies, claimed, attempt) : received(dependencies);
  const status = await dependencies.database.transaction(async (transaction) => {
    await transaction
      .update(deliveries)
      .set({ finishedAt: dependencies.clock.now(), ...outcomeOf(attempt) })
      .where(eq(deliveries.id, deliveryId));
    if (answer === null || answer.status === "received") {
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
  if ("response" in attempt) {
    // PostgreSQL's text cannot hold U+0000.
    const responseBody = attempt.response.body.replaceAll("\u0000", "\uFFFD");
    return { httpStatus: attempt.response.status, responseBody };
  }
  return { errorCode: attempt.errorCode, responseBody: null };
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
  readonly status: "received" | "pending" | "dead";
  readonly nextAttemptAt: Date | null;
  readonly receivedAt?: Date;
}

function received({ clock }: Dependencies): Next {
  return { status: "received", nextAttemptAt: null, receivedAt: clock.now() };
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
