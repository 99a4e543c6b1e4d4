import { apps, notifications, purchases } from "@redress/database";
import { and, eq, isNull, lte, or, sql } from "drizzle-orm";
import { notificationSecrets } from "../apps/notification-secret.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { attemptsAtOnce, slotFreeAt } from "./slots.ts";

/** Longer than the longest attempt: a claim that ran out belongs to a process that died. */
const leaseMs = 60_000;

type NotificationRow = typeof notifications.$inferSelect;

/** One attempt that may be made now, by nobody else. */
export interface ClaimedDelivery {
  readonly kind: "claimed";
  readonly notification: NotificationRow;
  readonly deliveryId: string;
  readonly url: string;
  /** The app's secret, and the one before it while both are good: the message is signed with each. */
  readonly secretCiphertexts: readonly string[];
}
/** Nothing to send now; perhaps later. */
export interface NothingToSend {
  readonly kind: "nothing";
  readonly status: NotificationRow["status"];
  readonly nextAttemptAt: Date | null;
}

type Claiming = Pick<Dependencies, "database" | "clock" | "random">;

/**
 * Claims the next attempt of a notification: counts it and writes it down before it is made. A message that
 * a newer one has overtaken is not sent, nor one whose app has no address; one whose app has as many attempts
 * under way as it may have is put off.
 */
export async function claimDelivery(
  dependencies: Claiming,
  notificationId: string,
): Promise<ClaimedDelivery | NothingToSend> {
  const now = dependencies.clock.now();
  const { notification, lastSequence, app } = await read(dependencies, notificationId);
  if (!isDue(notification, now)) return nothing(notification);
  if (notification.sequence < (lastSequence ?? 0)) return put(dependencies, notification, "overtaken");
  const url = app.notificationUrl;
  const secretCiphertexts = notificationSecrets(app, now);
  if (url === null || secretCiphertexts.length === 0) return put(dependencies, notification, "unaddressed");
  const deliveryId = newId(dependencies.random, "delivery");
  const leaseUntil = new Date(now.getTime() + leaseMs);
  const number = await claim(dependencies, { notification, deliveryId, url, now, leaseUntil });
  if (number === null) return nothing((await read(dependencies, notificationId)).notification);
  if (number === 0) return putOff(dependencies, notification);
  const claimed = { ...notification, attemptCount: number, leaseUntil, nextAttemptAt: leaseUntil };
  return { kind: "claimed", notification: claimed, deliveryId, url, secretCiphertexts };
}

function isDue({ status, leaseUntil, nextAttemptAt }: NotificationRow, now: Date): boolean {
  if (status !== "pending") return false;
  return (leaseUntil === null || leaseUntil <= now) && (nextAttemptAt === null || nextAttemptAt <= now);
}

function nothing({ status, nextAttemptAt }: NotificationRow): NothingToSend {
  return { kind: "nothing", status, nextAttemptAt: status === "pending" ? nextAttemptAt : null };
}

async function read({ database }: Claiming, notificationId: string) {
  const [row] = await database
    .select({ notification: notifications, lastSequence: purchases.lastSequence, app: apps })
    .from(notifications)
    .leftJoin(purchases, eq(purchases.id, notifications.purchaseId))
    .innerJoin(apps, eq(apps.id, notifications.appId))
    .where(eq(notifications.id, notificationId));
  if (!row) throw new Error(`there is no notification ${notificationId}`);
  return row;
}

/** @returns the attempt's number; 0: the app has as many under way as it may; null: somebody else took it */
async function claim(
  { database }: Claiming,
  given: { notification: NotificationRow; deliveryId: string; url: string; now: Date; leaseUntil: Date },
): Promise<number | null> {
  const { notification, deliveryId, url, now, leaseUntil } = given;
  // Somebody waits for the answer to a ping.
  const atOnce = notification.type === "ping" ? null : attemptsAtOnce;
  const { rows } = await database.execute<{ number: number | null }>(
    sql`select claim_delivery(${notification.id}, ${deliveryId}, ${url}, ${atOnce},
      ${now.toISOString()}, ${leaseUntil.toISOString()}) as number`,
  );
  return rows[0]?.number ?? null;
}

async function putOff(dependencies: Claiming, notification: NotificationRow): Promise<NothingToSend> {
  const nextAttemptAt = await slotFreeAt(dependencies, notification);
  await dependencies.database
    .update(notifications)
    .set({ nextAttemptAt, leaseUntil: null })
    .where(untouched(notification, dependencies.clock.now()));
  return { kind: "nothing", status: notification.status, nextAttemptAt };
}

async function put(
  dependencies: Claiming,
  notification: NotificationRow,
  status: "overtaken" | "unaddressed",
): Promise<NothingToSend> {
  const [changed] = await dependencies.database
    .update(notifications)
    .set({ status, nextAttemptAt: null, leaseUntil: null })
    .where(untouched(notification, dependencies.clock.now()))
    .returning({ id: notifications.id });
  if (changed) return { kind: "nothing", status, nextAttemptAt: null };
  return nothing((await read(dependencies, notification.id)).notification);
}

/** Whoever claimed it meanwhile, or wrote an answer, has the say. */
function untouched({ id }: NotificationRow, now: Date) {
  const { leaseUntil } = notifications;
  return and(
    eq(notifications.id, id),
    eq(notifications.status, "pending"),
    or(isNull(leaseUntil), lte(leaseUntil, now)),
  );
}
