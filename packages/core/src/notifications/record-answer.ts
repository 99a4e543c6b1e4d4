import { notifications, purchases, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { hashPersonal } from "../audit/hash-personal.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";

type NotificationStatus = (typeof notifications.$inferSelect)["status"];

/**
 * Keeps what an app said about a notification, at once or later: the work is done, or it declined. Saying
 * the same again changes nothing; "done" may follow "declined", but not the other way round. The purchase's
 * access moves only on word about its newest message.
 *
 * @returns the notification's status afterwards
 */
export async function recordAnswer(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  answer: {
    notificationId: string;
    status: "done" | "declined";
    reason?: string | null;
    actor: Actor;
    correlationId: string;
  },
): Promise<{ status: NotificationStatus }> {
  const { notification, purchase } = await lockNotification(transaction, answer.notificationId);
  if (notification.status === answer.status || notification.status === "done") {
    return { status: notification.status };
  }
  const now = dependencies.clock.now();
  await transaction
    .update(notifications)
    .set({
      status: answer.status,
      receivedAt: notification.receivedAt ?? now,
      doneAt: answer.status === "done" ? now : null,
      answer: answer.reason ?? null,
      nextAttemptAt: null,
      leaseUntil: null,
    })
    .where(eq(notifications.id, notification.id));
  const newest = notification.sequence === purchase.lastSequence;
  const access = answer.status === "done" && newest ? accessOnceDone(notification.access) : null;
  if (access !== null) {
    await transaction.update(purchases).set({ access, updatedAt: now }).where(eq(purchases.id, purchase.id));
  }
  await recordAudit(dependencies, transaction, {
    actor: answer.actor,
    action: "notification_done",
    correlationId: answer.correlationId,
    appId: notification.appId,
    purchaseId: purchase.id,
    refundId: notification.refundId,
    before: { status: notification.status, access: purchase.access },
    after: { status: answer.status, access: access ?? purchase.access },
    details: {
      notificationId: notification.id,
      // The app's own words may name its customer; they stand in the notification.
      ...(answer.reason && { reasonHash: hashPersonal(purchase.personalSalt, answer.reason) }),
    },
  });
  return { status: answer.status };
}

/** Purchase first, then its notification: the order in which everybody locks. */
async function lockNotification(transaction: Transaction, notificationId: string) {
  const [found] = await transaction
    .select({ purchaseId: notifications.purchaseId })
    .from(notifications)
    .where(eq(notifications.id, notificationId));
  if (!found?.purchaseId) throw new Error(`there is no notification ${notificationId} about a purchase`);
  const [purchase] = await transaction
    .select()
    .from(purchases)
    .where(eq(purchases.id, found.purchaseId))
    .for("no key update");
  const [notification] = await transaction
    .select()
    .from(notifications)
    .where(eq(notifications.id, notificationId))
    .for("update");
  if (!purchase || !notification) throw new Error(`notification ${notificationId} lost its purchase`);
  return { purchase, notification };
}

function accessOnceDone(told: "revoke" | "restore" | "keep"): "revoked" | "granted" | null {
  if (told === "revoke") return "revoked";
  return told === "restore" ? "granted" : null;
}
