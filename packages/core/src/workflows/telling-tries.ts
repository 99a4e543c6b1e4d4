import { outboxMessages } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { delayAfter } from "../notifications/back-off.ts";
import { completeMessage } from "../outbox/complete.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { MessageData } from "../outbox/messages.ts";
import type { TellingOutcome } from "../slack/posting.ts";

const againMark = ":again:";

type TellingName = "approval/told.due" | "bulk/told.due";

/** The occasion is in the fact's key, which also counts the tries, so that a later one knows what was told before. */
export async function readOccasion(
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

/** Ends a try, and queues the next where Slack did not take it. */
export async function finishTelling<Name extends TellingName>(
  dependencies: Dependencies,
  ended: {
    messageId: string;
    name: Name;
    data: MessageData<Name>;
    key: string;
    attempt: number;
    outcome: TellingOutcome;
  },
): Promise<void> {
  const { messageId, name, data, key, attempt, outcome } = ended;
  const delayMs = outcome.again ? delayAfter(dependencies.random, attempt, outcome.retryAfterMs) : null;
  if (outcome.again && delayMs === null) {
    dependencies.logger.error(
      { ...data, attempt },
      "Slack could not be told for days; nobody tries any more.",
    );
  }
  await dependencies.database.transaction(async (transaction) => {
    if (delayMs !== null) {
      await enqueue(dependencies, transaction, {
        name,
        factKey: `${key}${againMark}${attempt}`,
        data,
        sendAt: new Date(dependencies.clock.now().getTime() + delayMs),
      });
    }
    await completeMessage(dependencies, transaction, messageId);
  });
}
