import { slackMessages } from "@redress/database";
import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { readListFacts } from "../bulk/list-facts.ts";
import type { Dependencies, Slack } from "../dependencies.ts";
import type { BulkOccasion } from "../outbox/messages.ts";
import { readApp } from "../refunds/refund-row.ts";
import { classifySlackError } from "./classify-slack-error.ts";
import { listMessage } from "./list-message.ts";
import { afterFailure, literally, postOnce, type TellingOutcome, told, updateMessage } from "./posting.ts";

interface About {
  readonly bulkRefundId: string;
  readonly occasion: BulkOccasion;
  readonly occasionKey: string;
}

/**
 * Shows in Slack that a list of refunds waits, and later what became of it. Done twice it has one effect, except that
 * a post whose answer was lost is made again.
 */
export async function tellSlackOfList(dependencies: Dependencies, about: About): Promise<TellingOutcome> {
  const { slack } = dependencies;
  if (slack === null) return told;
  const { bulkRefundId } = about;
  try {
    await post(dependencies, slack, about);
    await refresh(dependencies, slack, bulkRefundId);
    return told;
  } catch (error) {
    return afterFailure(dependencies, { bulkRefundId }, classifySlackError(error));
  }
}

async function post(dependencies: Dependencies, slack: Slack, about: About): Promise<void> {
  const { bulkRefundId, occasion, occasionKey } = about;
  if (occasion !== "asked") return;
  const facts = await readListFacts(dependencies, { bulkRefundId });
  // Told late: there is nothing left to decide.
  if (facts.bulk.status !== "awaiting_approval") return;
  const channel = (await readApp(dependencies.database, facts.bulk.app.id)).slackChannel ?? slack.channel;
  if (channel === null) return;
  await postOnce(dependencies, { subject: { bulkRefundId }, occasionKey, kind: "request" }, () =>
    slack.client.chat.postMessage({ channel, ...listMessage(facts), ...literally }),
  );
}

/** Read after the post: whoever decides meanwhile queues a message that comes after this one. */
async function refresh(dependencies: Dependencies, slack: Slack, bulkRefundId: string): Promise<void> {
  const { database, clock } = dependencies;
  const messages = await database
    .select()
    .from(slackMessages)
    .where(
      and(
        eq(slackMessages.bulkRefundId, bulkRefundId),
        isNotNull(slackMessages.ts),
        isNull(slackMessages.goneAt),
      ),
    );
  if (messages.length === 0) return;
  const facts = await readListFacts(dependencies, { bulkRefundId });
  const { status } = facts.bulk;
  for (const { id, channel, ts, shownStatus } of messages) {
    if (shownStatus === status || channel === null || ts === null) continue;
    const isThere = await updateMessage(slack, { channel, ts }, listMessage(facts));
    const shown = isThere ? { shownStatus: status } : { goneAt: clock.now() };
    await database.update(slackMessages).set(shown).where(eq(slackMessages.id, id));
  }
}
