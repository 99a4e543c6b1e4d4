import { outboxMessages, stripeEvents } from "@redress/database";
import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import { parseEngineMessage } from "../durable/engine-message.ts";
import type { EngineMessage } from "../durable/port.ts";
import { messageOf } from "../webhooks/inbox.ts";
import { parseStripeEvent } from "../webhooks/stripe-event.ts";

/** The row of an event may name it only: its body is in the inbox. */
const reference = z.strictObject({ id: z.string() });

/**
 * A message as the database has it, for an engine that is told only its id, or does not trust what it is told.
 *
 * @returns null when there is nothing to do: no such message, its effect is in the database already, or the
 *   event's body was removed at the end of its retention
 * @throws ZodError when the message is not one of this release
 */
export async function readMessage(
  { database }: Pick<Dependencies, "database">,
  messageId: string,
): Promise<EngineMessage | null> {
  const [found] = await database
    .select({ message: outboxMessages, payload: stripeEvents.payload })
    .from(outboxMessages)
    .leftJoin(
      stripeEvents,
      and(
        eq(outboxMessages.name, "stripe/event.received"),
        eq(stripeEvents.id, sql`${outboxMessages.data} ->> 'id'`),
      ),
    )
    .where(and(eq(outboxMessages.id, messageId), isNull(outboxMessages.completedAt)));
  if (!found) return null;
  const { message, payload } = found;
  const named = message.name === "stripe/event.received" && reference.safeParse(message.data).success;
  if (!named) return parseEngineMessage(message);
  const event = payload === null ? null : parseStripeEvent(payload);
  return event === null ? null : parseEngineMessage({ ...message, data: messageOf(event) });
}
