import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { completeMessage } from "../outbox/complete.ts";
import { executeRefund } from "../refunds/execute-refund.ts";
import { queueNextExecution } from "../refunds/queue-next-execution.ts";

/** Executes an approved refund, and queues the next try when there is to be one. */
export function refundExecutionWorkflow(dependencies: Dependencies): Workflow<"refund/execution.due"> {
  return {
    id: "execute-refund",
    on: "refund/execution.due",
    concurrencyKey: ({ refundId }) => `refund:${refundId}`,
    attempts: 3,
    repeatable: true,
    async run({ messageId, data: { refundId }, step }) {
      const answer = await step.run("execute", () =>
        executeRefund(dependencies, { refundId, correlationId: messageId }),
      );
      await step.run("finish", async () => {
        if (answer !== "again") return completeMessage(dependencies, dependencies.database, messageId);
        await dependencies.database.transaction(async (transaction) => {
          await queueNextExecution(dependencies, transaction, refundId);
          await completeMessage(dependencies, transaction, messageId);
        });
        dependencies.wakeOutbox();
      });
    },
  };
}
