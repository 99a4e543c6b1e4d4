import { outboxMessages, type stripeEvents, type Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";

/**
 * Sends a stored event to the workflow engine as if it had just come: its message starts anew.
 *
 * @returns false when it was expunged at the end of its retention. What is left of it would suffice for a
 *   refund, but would overwrite what a purchase knows with nothing; so none is handled again.
 */
export async function requeueEvent(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  stored: Pick<typeof stripeEvents.$inferSelect, "id" | "expungedAt">,
): Promise<boolean> {
  if (stored.expungedAt !== null) return false;
  const now = dependencies.clock.now();
  // A new id too: engines do not run a message again that they know.
  const id = newId(dependencies.random, "message");
  const anew = { id, sendAt: now, sendCount: 0, completedAt: null, deadAt: null, lastError: null };
  const data = { id: stored.id };
  await transaction
    .insert(outboxMessages)
    .values({
      name: "stripe/event.received",
      factKey: `stripe-event:${stored.id}`,
      createdAt: now,
      data,
      ...anew,
    })
    .onConflictDoUpdate({ target: outboxMessages.factKey, set: { data, ...anew } });
  return true;
}
