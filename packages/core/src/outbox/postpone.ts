import { outboxMessages } from "@redress/database";
import { and, eq, isNotNull } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

const postponeMs = 120_000;

/** Says that a long workflow is still at work, so that its message is not sent again meanwhile. */
export async function postponeMessage(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  messageId: string,
): Promise<void> {
  await database
    .update(outboxMessages)
    .set({ sendAt: new Date(clock.now().getTime() + postponeMs) })
    .where(and(eq(outboxMessages.id, messageId), isNotNull(outboxMessages.sendAt)));
}
