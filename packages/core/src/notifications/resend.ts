import { notifications, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../outbox/enqueue.ts";

type NotificationRow = typeof notifications.$inferSelect;

/**
 * Sends a notification once more, at once, under its old id. After the last of the regular attempts it is
 * one attempt.
 *
 * @throws RedressError `notification_not_found`, or `notification_not_resendable` when the work is done, a newer
 *   message has taken its place, or it is a ping
 */
export async function resendNotification(
  dependencies: Dependencies,
  input: { notificationId: string; actor: Actor; correlationId: string },
): Promise<void> {
  const { notificationId } = input;
  await dependencies.database.transaction(async (transaction) => {
    const [notification] = await transaction
      .select()
      .from(notifications)
      .where(eq(notifications.id, notificationId))
      .for("update");
    if (!notification) {
      throw new RedressError(
        "notification_not_found",
        `There is no notification ${notificationId}. Check the id.`,
      );
    }
    const obstacle = whyNotResent(notification);
    if (obstacle !== null) throw new RedressError("notification_not_resendable", obstacle);
    await resendLocked(dependencies, transaction, { ...input, notification });
  });
  dependencies.wakeOutbox();
}

/** @returns null when it can be sent again */
function whyNotResent({ status, type }: NotificationRow): string | null {
  if (type === "ping") return "A ping is sent once. Send another one.";
  if (status === "done") return "The app has done what this notification asks. There is nothing to send.";
  if (status === "overtaken") {
    return "A newer notification about this purchase has replaced this one. Send that one again.";
  }
  return null;
}

/** Has a notification that may be sent again, and whose row is locked, sent at once. */
export async function resendLocked(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  input: { notification: NotificationRow; actor: Actor; correlationId: string },
): Promise<void> {
  const { notification, actor, correlationId } = input;
  const { id: notificationId, status, appId, purchaseId, refundId } = notification;
  await transaction
    .update(notifications)
    .set({ status: "pending", nextAttemptAt: dependencies.clock.now() })
    .where(eq(notifications.id, notificationId));
  await enqueue(dependencies, transaction, {
    name: "notification/delivery.due",
    factKey: `notify:${notificationId}:resend:${newId(dependencies.random, "message")}`,
    data: { notificationId },
  });
  await recordAudit(dependencies, transaction, {
    actor,
    action: "notification_resent",
    correlationId,
    appId,
    purchaseId,
    refundId,
    before: { status },
    after: { status: "pending" },
    details: { notificationId },
  });
}
