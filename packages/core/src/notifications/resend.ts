import { notifications } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../outbox/enqueue.ts";

/**
 * Sends a notification once more, at once, under its old id. After the last of the regular attempts it is
 * one attempt.
 *
 * @throws RedressError `notification_not_found`, or `notification_not_resendable` when the work is done or
 *   a newer message has taken its place
 */
export async function resendNotification(
  dependencies: Dependencies,
  input: { notificationId: string; actor: Actor; correlationId: string },
): Promise<void> {
  const { notificationId, actor, correlationId } = input;
  const now = dependencies.clock.now();
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
    const { status, appId, purchaseId, refundId } = notification;
    if (status === "done" || status === "overtaken") {
      throw new RedressError(
        "notification_not_resendable",
        status === "done"
          ? "The app has done what this notification asks. There is nothing to send."
          : "A newer notification about this purchase has replaced this one. Send that one again.",
      );
    }
    await transaction
      .update(notifications)
      .set({ status: "pending", nextAttemptAt: now })
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
  });
  dependencies.wakeOutbox();
}
