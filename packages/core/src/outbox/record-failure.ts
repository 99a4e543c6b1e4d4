import { outboxMessages, stripeEvents } from "@redress/database";
import { and, eq, isNotNull, ne, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { WorkflowFailure } from "../durable/port.ts";
import { messageSchemas } from "./messages.ts";

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
  const { id } = messageSchemas["stripe/event.received"].parse(message.data);
  await database
    .update(stripeEvents)
    .set({ status: "failed", lastError, attemptCount: sql`${stripeEvents.attemptCount} + 1` })
    .where(and(eq(stripeEvents.id, id), ne(stripeEvents.status, "handled")));
}
