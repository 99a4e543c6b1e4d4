import { mailOfList } from "../bulk/mail-of-list.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { tellSlackOfList } from "../slack/tell-slack-of-list.ts";
import { finishTelling, readOccasion } from "./telling-tries.ts";

/** Tells those who may approve a list of refunds, as `tell-approvers` does of a single one. */
export function bulkTellingWorkflow(dependencies: Dependencies): Workflow<"bulk/told.due"> {
  return {
    id: "tell-approvers-of-list",
    on: "bulk/told.due",
    concurrencyKey: ({ bulkRefundId }) => `told:${bulkRefundId}`,
    attempts: 3,
    async run({ messageId, data, step }) {
      const { key, attempt } = await step.run("read", () => readOccasion(dependencies, messageId));
      await step.run("mail", () => mailOfList(dependencies, { ...data, occasionKey: key }));
      const about = { ...data, occasionKey: key };
      const outcome = await step.run("slack", () => tellSlackOfList(dependencies, about));
      const ended = { messageId, name: "bulk/told.due", data, key, attempt, outcome } as const;
      await step.run("finish", () => finishTelling(dependencies, ended));
    },
  };
}
