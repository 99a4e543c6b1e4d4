import { outboxMessages, stripeEvents } from "@redress/database";
import { and, eq, isNotNull, ne, sql } from "drizzle-orm";
import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import type { WorkflowFailure } from "../durable/port.ts";

/** An event's message names it; what else older releases wrote beside does not matter. */
const namesEvent = z.object({ id: z.string() });

/** Keeps why a workflow failed, where people look: beside its message and, for an event of Stripe, in the inbox. */
export async function recordFailure(
  { database }: Pick<Dependencies, "database">,
  { messageId, error }: Pick<WorkflowFailure, "messageId" | "error">,
): Promise<void> {
  const lastError = (error instanceof Error ? error.message : String(error)).slice(0, 1_000);
  const [message] = await database
    .update(outboxMessages)
    .set({ lastError })
    .where(and(eq(outboxMessages.id, messageId), isNotNull(outboxMessages.sendAt)))
    .returning();
  if (message?.name !== "stripe/event.received") return;
  const { id } = namesEvent.parse(message.data);
  await database
    .update(stripeEvents)
    .set({ status: "failed", lastError, attemptCount: sql`${stripeEvents.attemptCount} + 1` })
    .where(and(eq(stripeEvents.id, id), ne(stripeEvents.status, "handled")));
}
