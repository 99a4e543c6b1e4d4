import { apps, deliveries, notifications, purchases, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";

/** Longer than the longest attempt: a claim that ran out belongs to a process that died. */
const leaseMs = 60_000;

type NotificationRow = typeof notifications.$inferSelect;

/** One attempt that may be made now, by nobody else. */
export interface ClaimedDelivery {
  readonly kind: "claimed";
  readonly notification: NotificationRow;
  readonly deliveryId: string;
  readonly url: string;
  readonly secretCiphertext: string;
}
/** Nothing to send now; perhaps later. */
export interface NothingToSend {
  readonly kind: "nothing";
  readonly status: NotificationRow["status"];
  readonly nextAttemptAt: Date | null;
}

/**
 * Claims the next attempt of a notification: counts it and writes it down before it is made. A message that
 * a newer one has overtaken is not sent, nor one whose app has no address.
 */
export async function claimDelivery(
  dependencies: Pick<Dependencies, "database" | "clock" | "random">,
  notificationId: string,
): Promise<ClaimedDelivery | NothingToSend> {
  const now = dependencies.clock.now();
  return dependencies.database.transaction(async (transaction) => {
    const [row] = await transaction
      .select({ notification: notifications, purchase: purchases, app: apps })
      .from(notifications)
      .innerJoin(purchases, eq(purchases.id, notifications.purchaseId))
      .innerJoin(apps, eq(apps.id, notifications.appId))
      .where(eq(notifications.id, notificationId))
      .for("update", { of: notifications });
    if (!row) throw new Error(`there is no notification ${notificationId}`);
    const { notification, purchase, app } = row;
    const { status, nextAttemptAt, leaseUntil } = notification;
    if (status !== "pending") return { kind: "nothing", status, nextAttemptAt: null };
    if (leaseUntil !== null && leaseUntil > now) return { kind: "nothing", status, nextAttemptAt };
    if (nextAttemptAt !== null && nextAttemptAt > now) return { kind: "nothing", status, nextAttemptAt };
    if (notification.sequence < purchase.lastSequence) return put(transaction, notification, "overtaken");
    if (app.notificationUrl === null || app.notificationSecretCiphertext === null) {
      return put(transaction, notification, "unaddressed");
    }
    const until = new Date(now.getTime() + leaseMs);
    const attemptCount = notification.attemptCount + 1;
    const progress = { attemptCount, leaseUntil: until, nextAttemptAt: until };
    await transaction.update(notifications).set(progress).where(eq(notifications.id, notificationId));
    const deliveryId = newId(dependencies.random, "delivery");
    const url = app.notificationUrl;
    await transaction
      .insert(deliveries)
      .values({ id: deliveryId, notificationId, number: attemptCount, url, startedAt: now });
    return {
      kind: "claimed",
      notification: { ...notification, ...progress },
      deliveryId,
      url,
      secretCiphertext: app.notificationSecretCiphertext,
    };
  });
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
