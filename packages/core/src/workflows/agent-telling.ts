import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { deliverToAgent } from "../keys/deliver-to-agent.ts";
import { completeMessage } from "../outbox/complete.ts";
import { enqueue } from "../outbox/enqueue.ts";

/** Tells an agent's program once, and queues the next attempt where it did not take it. */
export function agentTellingWorkflow(dependencies: Dependencies): Workflow<"agent/told.due"> {
  return {
    id: "tell-agent",
    on: "agent/told.due",
    concurrencyKey: ({ keyId }) => `agent-told:${keyId}`,
    attempts: 3,
    async run({ messageId, data, step }) {
      const delayMs = await step.run("tell", () => deliverToAgent(dependencies, data));
      await step.run("finish", () =>
        dependencies.database.transaction(async (transaction) => {
          if (delayMs !== null) {
            const attempt = data.attempt + 1;
            await enqueue(dependencies, transaction, {
              name: "agent/told.due",
              factKey: `agent.told:${data.webhookId}:${attempt}`,
              data: { ...data, attempt },
              sendAt: new Date(dependencies.clock.now().getTime() + delayMs),
            });
          }
          await completeMessage(dependencies, transaction, messageId);
        }),
      );
    },
  };
}
