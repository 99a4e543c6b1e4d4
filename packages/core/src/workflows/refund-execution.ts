import { refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { completeMessage } from "../outbox/complete.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { executeRefund } from "../refunds/execute-refund.ts";

/** Executes an approved refund, and queues the next try when there is to be one. */
export function refundExecutionWorkflow(dependencies: Dependencies): Workflow<"refund/execution.due"> {
  return {
    id: "execute-refund",
    on: "refund/execution.due",
    concurrencyKey: ({ refundId }) => `refund:${refundId}`,
    attempts: 3,
    async run({ messageId, data: { refundId }, step }) {
      const outcome = await step.run("execute", () =>
        executeRefund(dependencies, { refundId, correlationId: messageId }),
      );
      await step.run("finish", () =>
        finish(dependencies, { messageId, refundId, again: outcome === "again" }),
      );
    },
  };
}

async function finish(
  dependencies: Dependencies,
  { messageId, refundId, again }: { messageId: string; refundId: string; again: boolean },
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const [refund] = await transaction
      .select({ nextAttemptAt: refunds.nextAttemptAt })
      .from(refunds)
      .where(eq(refunds.id, refundId));
    if (again && refund?.nextAttemptAt) {
      await enqueue(dependencies, transaction, {
        name: "refund/execution.due",
        // Whoever queues this try queues the same one.
        factKey: `refund-execution:${refundId}:${refund.nextAttemptAt.getTime()}`,
        data: { refundId },
        sendAt: refund.nextAttemptAt,
      });
    }
    await completeMessage(dependencies, transaction, messageId);
  });
  if (again) dependencies.wakeOutbox();
}
