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
  await transaction
    .update(outboxMessages)
    .set({ completedAt: dependencies.clock.now(), sendAt: null, deadAt: null, lastError: null })
    .where(eq(outboxMessages.id, messageId));
}
