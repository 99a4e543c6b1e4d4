import { apps, deliveries, notifications, purchases, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import { notificationSecrets } from "../apps/notification-secret.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { slotFreeAt } from "./slots.ts";

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

/**
 * Claims the next attempt of a notification: counts it and writes it down before it is made. A message that
 * a newer one has overtaken is not sent, nor one whose app has no address; one whose app has as many attempts
 * under way as it may have is put off.
 */
export async function claimDelivery(
  dependencies: Pick<Dependencies, "database" | "clock" | "random">,
  notificationId: string,
): Promise<ClaimedDelivery | NothingToSend> {
  const now = dependencies.clock.now();
  return dependencies.database.transaction(async (transaction) => {
    const { notification, lastSequence, app } = await lockNotification(transaction, notificationId);
    const { status, nextAttemptAt, leaseUntil } = notification;
    if (status !== "pending") return { kind: "nothing", status, nextAttemptAt: null };
    if (leaseUntil !== null && leaseUntil > now) return { kind: "nothing", status, nextAttemptAt };
    if (nextAttemptAt !== null && nextAttemptAt > now) return { kind: "nothing", status, nextAttemptAt };
    if (notification.sequence < (lastSequence ?? 0)) return put(transaction, notification, "overtaken");
    const secretCiphertexts = notificationSecrets(app, now);
    if (app.notificationUrl === null || secretCiphertexts.length === 0) {
      return put(transaction, notification, "unaddressed");
    }
    const freeAt = await slotFreeAt(dependencies, transaction, notification);
    if (freeAt !== null) {
      await transaction
        .update(notifications)
        .set({ nextAttemptAt: freeAt, leaseUntil: null })
        .where(eq(notifications.id, notificationId));
      return { kind: "nothing", status, nextAttemptAt: freeAt };
    }
    const url = app.notificationUrl;
    return { ...(await writeDown(dependencies, transaction, notification, url)), url, secretCiphertexts };
  });
}

async function lockNotification(transaction: Transaction, notificationId: string) {
  const [row] = await transaction
    .select({ notification: notifications, lastSequence: purchases.lastSequence, app: apps })
    .from(notifications)
    .leftJoin(purchases, eq(purchases.id, notifications.purchaseId))
    .innerJoin(apps, eq(apps.id, notifications.appId))
    .where(eq(notifications.id, notificationId))
    .for("update", { of: notifications });
  if (!row) throw new Error(`there is no notification ${notificationId}`);
  return row;
}

async function writeDown(
  { clock, random }: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  notification: NotificationRow,
  url: string,
): Promise<Pick<ClaimedDelivery, "kind" | "notification" | "deliveryId">> {
  const now = clock.now();
  const until = new Date(now.getTime() + leaseMs);
  const attemptCount = notification.attemptCount + 1;
  const progress = { attemptCount, leaseUntil: until, nextAttemptAt: until };
  await transaction.update(notifications).set(progress).where(eq(notifications.id, notification.id));
  const deliveryId = newId(random, "delivery");
  const { id: notificationId } = notification;
  await transaction
    .insert(deliveries)
    .values({ id: deliveryId, notificationId, number: attemptCount, url, startedAt: now });
  return { kind: "claimed", notification: { ...notification, ...progress }, deliveryId };
}

async function put(
  transaction: Transaction,
  { id }: NotificationRow,
  status: "overtaken" | "unaddressed",
): Promise<NothingToSend> {
  await transaction
    .update(notifications)
    .set({ status, nextAttemptAt: null, leaseUntil: null })
    .where(eq(notifications.id, id));
  return { kind: "nothing", status, nextAttemptAt: null };
}
