import { slackMessages } from "@redress/database";
import { and, desc, eq, isNotNull, isNull } from "drizzle-orm";
import { type ApprovalFacts, readApprovalFacts } from "../approvals/approval-facts.ts";
import type { Dependencies, Slack } from "../dependencies.ts";
import type { ApprovalOccasion } from "../outbox/messages.ts";
import { readApp } from "../refunds/refund-row.ts";
import { classifySlackError } from "./classify-slack-error.ts";
import { escapeText } from "./escape-text.ts";
import { afterFailure, literally, postOnce, type TellingOutcome, told, updateMessage } from "./posting.ts";
import { requestMessage } from "./request-message.ts";

/**
 * Shows in Slack what a request is about and what became of it: posts it when it is asked for, a line below it
 * when it is reminded of, and brings every message of it up to date. Done twice it has one effect, except that a
 * post whose answer was lost is made again: Slack knows no key for it. Both then decide the same request once.
 */
export async function tellSlack(
  dependencies: Dependencies,
  about: { refundId: string; occasion: ApprovalOccasion; occasionKey: string },
): Promise<TellingOutcome> {
  const { slack } = dependencies;
  if (slack === null) return told;
  try {
    await post(dependencies, slack, about);
    await refreshMessages(dependencies, slack, about.refundId);
    return told;
  } catch (error) {
    return afterFailure(dependencies, { refundId: about.refundId }, classifySlackError(error));
  }
}

async function post(
  dependencies: Dependencies,
  slack: Slack,
  about: Parameters<typeof tellSlack>[1],
): Promise<void> {
  const { refundId, occasion, occasionKey } = about;
  const subject = { subject: { refundId }, occasionKey };
  if (occasion === "decided") return;
  const facts = await readApprovalFacts(dependencies, { refundId });
  // Told late: there is nothing left to decide.
  if (facts.refund.status !== "awaiting_approval") return;
  const [thread] = occasion === "asked" ? [] : await postedMessages(dependencies, refundId);
  // A reminder of what could not be posted is the request itself.
  if (thread?.channel == null || thread.ts === null) {
    if (occasion === "commented") return;
    const channel = (await readApp(dependencies.database, facts.refund.app.id)).slackChannel ?? slack.channel;
    if (channel === null) return;
    return postOnce(dependencies, { ...subject, kind: "request" }, () =>
      slack.client.chat.postMessage({ channel, ...requestMessage(facts), ...literally }),
    );
  }
  const { channel, ts } = thread;
  return postOnce(dependencies, { ...subject, kind: "reply" }, () =>
    slack.client.chat.postMessage({
      channel,
      thread_ts: ts,
      // Those who do not follow the thread are to see it as well.
      ...(occasion === "commented" ? { reply_broadcast: false } : { reply_broadcast: true }),
      text: replyText(occasion, facts),
      ...literally,
    }),
  );
}

function replyText(occasion: Exclude<ApprovalOccasion, "decided">, facts: ApprovalFacts): string {
  const what = escapeText(facts.headline, 1_000);
  switch (occasion) {
    case "asked":
    case "reminder":
      return `Still waiting for a decision. ${what}.`;
    case "escalated":
      return `Nobody has decided yet; now others may as well. ${what}.`;
    case "commented":
      return "Somebody commented on this request. Open it in Redress to read it.";
  }
}

/** Those of which the place is known, newest first. */
function postedMessages({ database }: Pick<Dependencies, "database">, refundId: string) {
  return database
    .select()
    .from(slackMessages)
    .where(
      and(
        eq(slackMessages.refundId, refundId),
        eq(slackMessages.kind, "request"),
        isNotNull(slackMessages.ts),
        isNull(slackMessages.goneAt),
      ),
    )
    .orderBy(desc(slackMessages.startedAt), desc(slackMessages.id));
}

/**
 * Brings every message about the request to its present state, read after the last post: whoever decides meanwhile
 * queues a message that comes after this one.
 */
async function refreshMessages(dependencies: Dependencies, slack: Slack, refundId: string): Promise<void> {
  const messages = await postedMessages(dependencies, refundId);
  if (messages.length === 0) return;
  const facts = await readApprovalFacts(dependencies, { refundId });
  const { status, endorsements } = facts.refund;
  const shows = endorsements.length === 0 ? status : `${status}:${endorsements.length}`;
  for (const { id, channel, ts, shownStatus } of messages) {
    if (shownStatus === shows || channel === null || ts === null) continue;
    const shown = (await updateMessage(slack, { channel, ts }, requestMessage(facts)))
      ? { shownStatus: shows }
      : { goneAt: dependencies.clock.now() };
    await dependencies.database.update(slackMessages).set(shown).where(eq(slackMessages.id, id));
  }
}
