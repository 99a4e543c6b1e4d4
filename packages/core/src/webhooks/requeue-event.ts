import { outboxMessages, type stripeEvents, type Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { messageOf } from "./inbox.ts";
import { parseStripeEvent } from "./stripe-event.ts";

/**
 * Sends a stored event to the workflow engine as if it had just come: its message starts anew.
 *
 * @returns false when its body was removed at the end of its retention
 */
export async function requeueEvent(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  stored: typeof stripeEvents.$inferSelect,
): Promise<boolean> {
  const event = parseStripeEvent(stored.payload);
  if (event === null) return false;
  const now = dependencies.clock.now();
  // A new id too: engines do not run a message again that they know.
  const id = newId(dependencies.random, "message");
  const anew = { id, sendAt: now, sendCount: 0, completedAt: null, deadAt: null, lastError: null };
  await transaction
    .insert(outboxMessages)
    .values({
      name: "stripe/event.received",
      factKey: `stripe-event:${stored.id}`,
      data: messageOf(event),
      createdAt: now,
      ...anew,
    })
    .onConflictDoUpdate({ target: outboxMessages.factKey, set: anew });
  return true;
}
