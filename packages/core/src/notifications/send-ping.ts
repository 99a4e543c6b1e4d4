import { apps, deliveries, notifications } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { deliverNotification } from "./deliver.ts";

/** What became of a ping: the one attempt, and what the app answered. */
export interface PingResult {
  readonly notificationId: string;
  /** The app took it with a 2xx. */
  readonly ok: boolean;
  readonly url: string;
  readonly sentAt: Date;
  readonly answeredAt: Date | null;
  /** Null when nothing was answered. */
  readonly httpStatus: number | null;
  /** The first kilobytes of the answer. */
  readonly responseBody: string | null;
  /** Why there was no answer, e.g. `address_refused`, `timeout`. */
  readonly errorCode: string | null;
  /** Why it failed and what to do, for the operator; null when it did not. */
  readonly message: string | null;
}

/**
 * Sends an app a signed message about nothing, `{ type: "ping", timestamp, data: { app } }`, once and without
 * trying again, and waits for its answer (15 seconds at most): it shows that address and secret are right.
 *
 * @param appId id of the app
 * @throws RedressError `app_not_found`; `notification_unaddressed` when the app has no address
 */
export async function sendPing(
  dependencies: Dependencies,
  input: { appId: string; actor: Actor; correlationId: string },
): Promise<PingResult> {
  const notificationId = await queuePing(dependencies, input);
  await deliverNotification(dependencies, { notificationId, correlationId: input.correlationId });
  return readPing(dependencies, notificationId);
}

async function queuePing(
  dependencies: Dependencies,
  { appId, actor, correlationId }: { appId: string; actor: Actor; correlationId: string },
): Promise<string> {
  const now = dependencies.clock.now();
  const notificationId = newId(dependencies.random, "notification");
  await dependencies.database.transaction(async (transaction) => {
    const [app] = await transaction.select().from(apps).where(eq(apps.id, appId));
    if (!app) throw new RedressError("app_not_found", "There is no app with this id.");
    if (app.notificationUrl === null || app.notificationSecretCiphertext === null) {
      throw new RedressError(
        "notification_unaddressed",
        "This app has no notification address. Enter one in its settings, then send the ping.",
      );
    }
    await transaction.insert(notifications).values({
      id: notificationId,
      appId,
      type: "ping",
      sequence: 0,
      access: "keep",
      payload: { type: "ping", timestamp: now.toISOString(), data: { app: app.slug } },
      status: "pending",
      createdAt: now,
    });
    await recordAudit(dependencies, transaction, {
      actor,
      action: "ping_sent",
      correlationId,
      appId,
      details: { notificationId },
    });
  });
  return notificationId;
}

async function readPing({ database }: Dependencies, notificationId: string): Promise<PingResult> {
  const [attempt] = await database
    .select()
    .from(deliveries)
    .where(eq(deliveries.notificationId, notificationId));
  if (!attempt) throw new Error(`ping ${notificationId} was not sent`);
  const { url, startedAt, finishedAt, httpStatus, responseBody, errorCode, errorMessage } = attempt;
  return {
    notificationId,
    ok: httpStatus !== null && httpStatus >= 200 && httpStatus <= 299,
    url,
    sentAt: startedAt,
    answeredAt: httpStatus === null ? null : finishedAt,
    httpStatus,
    responseBody,
    errorCode,
    message: errorMessage,
  };
}
