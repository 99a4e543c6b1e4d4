import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { completeMessage } from "../outbox/complete.ts";

/** Tells nobody yet: the fact is kept, and its message is done. */
export function approvalTellingWorkflow(dependencies: Dependencies): Workflow<"approval/told.due"> {
  return {
    id: "tell-approvers",
    on: "approval/told.due",
    concurrencyKey: ({ refundId }) => `telling:${refundId}`,
    attempts: 3,
    async run({ messageId, step }) {
      await step.run("finish", () => completeMessage(dependencies, dependencies.database, messageId));
    },
  };
}
