import { tellByMail } from "../approvals/tell-by-mail.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { tellSlack } from "../slack/tell-slack.ts";
import { finishTelling, readOccasion } from "./telling-tries.ts";

/**
 * Tells those who may approve a request, in Slack and by e-mail. Where Slack does not take it another try is queued;
 * messages by e-mail have their own.
 * Nothing waits for it: a request is decided in the console whether anybody could be told or not.
 */
export function approvalTellingWorkflow(dependencies: Dependencies): Workflow<"approval/told.due"> {
  return {
    id: "tell-approvers",
    on: "approval/told.due",
    concurrencyKey: ({ refundId }) => `told:${refundId}`,
    attempts: 3,
    async run({ messageId, data, step }) {
      const { key, attempt } = await step.run("read", () => readOccasion(dependencies, messageId));
      await step.run("mail", () => tellByMail(dependencies, { ...data, occasionKey: key }));
      const outcome = await step.run("slack", () => tellSlack(dependencies, { ...data, occasionKey: key }));
      const ended = { messageId, name: "approval/told.due", data, key, attempt, outcome } as const;
      await step.run("finish", () => finishTelling(dependencies, ended));
    },
  };
}
