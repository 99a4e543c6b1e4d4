import { outboxMessages, type Queryable } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

/**
 * Marks a message as delivered: its effect is in the database, so it is never sent again. Call it in the
 * transaction of the effect, or right after. Completing twice changes nothing.
 */
export async function completeMessage(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Queryable,
  messageId: string,
): Promise<void> {
  await completion(dependencies, transaction, messageId);
}

/** The statement of `completeMessage`, for whoever runs it together with another one. */
export function completion({ clock }: Pick<Dependencies, "clock">, queryable: Queryable, messageId: string) {
  return queryable
    .update(outboxMessages)
    .set({ completedAt: clock.now(), sendAt: null, deadAt: null, lastError: null })
    .where(eq(outboxMessages.id, messageId))
    .returning({ id: outboxMessages.id });
}
