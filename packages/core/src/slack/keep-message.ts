import { refunds, slackMessages } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";

/** What a message is about: one request, or a list of them. */
export type MessageSubject = { readonly refundId: string } | { readonly bulkRefundId: string };

/**
 * Writes down that a message is about to be posted.
 *
 * @returns its id; null when it was posted before
 */
export async function startPost(
  dependencies: Pick<Dependencies, "database" | "clock" | "random">,
  message: MessageSubject & { occasionKey: string; kind: "request" | "reply" },
): Promise<string | null> {
  const startedAt = dependencies.clock.now();
  return dependencies.database.transaction(async (transaction) => {
    const [fresh] = await transaction
      .insert(slackMessages)
      .values({ id: newId(dependencies.random, "slackMessage"), ...message, startedAt })
      .onConflictDoNothing()
      .returning({ id: slackMessages.id });
    if (fresh) return fresh.id;
    const [earlier] = await transaction
      .select()
      .from(slackMessages)
      .where(eq(slackMessages.occasionKey, message.occasionKey));
    return earlier && earlier.ts === null ? earlier.id : null;
  });
}

/** Keeps where Slack put it. It shows what was so before; whoever is next brings it up to date. */
export async function completePost(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  { id, channel, ts }: { id: string; channel: string; ts: string },
): Promise<void> {
  await database
    .update(slackMessages)
    .set({ channel, ts, postedAt: clock.now(), shownStatus: "awaiting_approval" })
    .where(eq(slackMessages.id, id));
}

/**
 * Learns of a message whose posting lost its answer, by a click on it: from now on it is brought up to date too.
 * The click is signed by Slack, and its button is one of ours.
 */
export async function adoptMessage(
  dependencies: Pick<Dependencies, "database" | "clock" | "random">,
  { refundId, channel, ts }: { refundId: string; channel: string; ts: string },
): Promise<void> {
  const { database } = dependencies;
  const known = await database.$count(
    slackMessages,
    and(eq(slackMessages.channel, channel), eq(slackMessages.ts, ts)),
  );
  const refund = await database.$count(refunds, eq(refunds.id, refundId));
  if (known > 0 || refund === 0) return;
  const now = dependencies.clock.now();
  await database
    .insert(slackMessages)
    .values({
      id: newId(dependencies.random, "slackMessage"),
      refundId,
      kind: "request",
      startedAt: now,
      channel,
      ts,
      postedAt: now,
      shownStatus: "awaiting_approval",
    })
    .onConflictDoNothing();
}
