import { outboxMessages } from "@redress/database";
import { eq } from "drizzle-orm";
import { tellByMail } from "../approvals/tell-by-mail.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { delayAfter } from "../notifications/back-off.ts";
import { completeMessage } from "../outbox/complete.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { ApprovalOccasion } from "../outbox/messages.ts";
import { type TellingOutcome, tellSlack } from "../slack/tell-slack.ts";

const againMark = ":again:";

interface About {
  readonly refundId: string;
  readonly occasion: ApprovalOccasion;
}

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
      const slack = await step.run("slack", () => tellSlack(dependencies, { ...data, occasionKey: key }));
      await step.run("finish", () =>
        finish(dependencies, { messageId, about: data, key, attempt, outcome: slack }),
      );
    },
  };
}

/** The occasion is in the fact's key, which also counts the tries, so that a later one knows what was told before. */
async function readOccasion(
  { database }: Pick<Dependencies, "database">,
  messageId: string,
): Promise<{ key: string; attempt: number }> {
  const [message] = await database
    .select({ factKey: outboxMessages.factKey })
    .from(outboxMessages)
    .where(eq(outboxMessages.id, messageId));
  if (!message) throw new Error(`there is no message ${messageId}`);
  const [key = "", tries = "0"] = message.factKey.split(againMark);
  return { key, attempt: Number(tries) + 1 };
}

async function finish(
  dependencies: Dependencies,
  ended: {
    messageId: string;
    about: About;
    key: string;
    attempt: number;
    outcome: TellingOutcome;
  },
): Promise<void> {
  const { messageId, about, key, attempt, outcome } = ended;
  const delayMs = outcome.again ? delayAfter(dependencies.random, attempt, outcome.retryAfterMs) : null;
  if (outcome.again && delayMs === null) {
    dependencies.logger.error(
      { ...about, attempt },
      "Slack could not be told for days; nobody tries any more.",
    );
  }
  await dependencies.database.transaction(async (transaction) => {
    if (delayMs !== null) {
      await enqueue(dependencies, transaction, {
        name: "approval/told.due",
        factKey: `${key}${againMark}${attempt}`,
        data: about,
        sendAt: new Date(dependencies.clock.now().getTime() + delayMs),
      });
    }
    await completeMessage(dependencies, transaction, messageId);
  });
}
