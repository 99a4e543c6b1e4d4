import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { deliverNotification } from "../notifications/deliver.ts";
import { completeMessage } from "../outbox/complete.ts";
import { enqueue } from "../outbox/enqueue.ts";

/** One attempt to tell an app, and a message for the next one when there is to be one. */
export function notificationDeliveryWorkflow(
  dependencies: Dependencies,
): Workflow<"notification/delivery.due"> {
  return {
    id: "deliver-notification",
    on: "notification/delivery.due",
    concurrencyKey: ({ notificationId }) => `notification:${notificationId}`,
    attempts: 3,
    repeatable: true,
    async run({ messageId, data: { notificationId }, step }) {
      const nextAttemptAt = await step.run("deliver", async () => {
        const { nextAttemptAt } = await deliverNotification(dependencies, {
          notificationId,
          correlationId: messageId,
        });
        return nextAttemptAt?.toISOString() ?? null;
      });
      await step.run("finish", async () => {
        if (nextAttemptAt === null) return completeMessage(dependencies, dependencies.database, messageId);
        await dependencies.database.transaction(async (transaction) => {
          await enqueue(dependencies, transaction, {
            name: "notification/delivery.due",
            // Whoever queues this attempt queues the same one.
            factKey: `notify:${notificationId}:${Date.parse(nextAttemptAt)}`,
            data: { notificationId },
            sendAt: new Date(nextAttemptAt),
          });
          await completeMessage(dependencies, transaction, messageId);
        });
      });
    },
  };
}
