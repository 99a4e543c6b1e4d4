import { outboxMessages } from "@redress/database";
import { and, eq, isNotNull } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { messageSchemas } from "../outbox/messages.ts";
import { appOfDeadLetter } from "./dead-letters.ts";
import { replayEvent } from "./replay-event.ts";

/**
 * Sends a message again that had failed for good. Workflows may run twice, so one whose work was done
 * meanwhile by another message changes nothing.
 *
 * @throws RedressError `dead_letter_not_found`; of an event also `event_not_replayable`
 */
export async function replayDeadLetter(
  dependencies: Dependencies,
  input: { messageId: string; actor: Actor; correlationId: string },
): Promise<{ name: string }> {
  const { messageId, actor, correlationId } = input;
  const { database } = dependencies;
  const dead = and(eq(outboxMessages.id, messageId), isNotNull(outboxMessages.deadAt));
  const [letter] = await database.select().from(outboxMessages).where(dead);
  if (!letter) throw notFound(messageId);
  if (letter.name === "stripe/event.received") {
    // Only its id is read: what else the message carries differs between releases.
    const { id: eventId } = messageSchemas["stripe/event.received"].pick({ id: true }).parse(letter.data);
    await replayEvent(dependencies, { eventId, actor, correlationId });
    return { name: letter.name };
  }
  const appId = (await appOfDeadLetter(database, messageId)) ?? null;
  await database.transaction(async (transaction) => {
    const now = dependencies.clock.now();
    // A new id: engines do not run a message again that they know.
    const id = newId(dependencies.random, "message");
    const [sent] = await transaction
      .update(outboxMessages)
      .set({ id, sendAt: now, sendCount: 0, deadAt: null, completedAt: null, lastError: null })
      .where(dead)
      .returning({ id: outboxMessages.id });
    if (!sent) throw notFound(messageId);
    const { name, factKey, sendCount } = letter;
    await recordAudit(dependencies, transaction, {
      actor,
      action: "message_replayed",
      correlationId,
      appId,
      before: { status: "dead", sendCount },
      after: { status: "queued" },
      details: { messageId, newMessageId: id, name, factKey },
    });
  });
  dependencies.wakeOutbox();
  return { name: letter.name };
}

function notFound(messageId: string): RedressError {
  return new RedressError(
    "dead_letter_not_found",
    `There is no dead letter ${messageId}. It may have been sent again already: look at the list.`,
  );
}
