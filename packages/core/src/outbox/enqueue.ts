import { outboxMessages, type Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { currentTraceParent } from "../tracing/span.ts";
import type { MessageData, MessageName } from "./messages.ts";

/**
 * Queues a message for the workflow engine in the caller's transaction: it exists if and only if the
 * change that causes it does. The same fact is queued once.
 *
 * Call `dependencies.wakeOutbox()` after the commit.
 *
 * @param message.factKey names the fact, e.g. `refund.execute:rfd_…:apr_…`
 * @returns the id of the message, or null when this fact was queued before
 */
export async function enqueue<Name extends MessageName>(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  message: { name: Name; factKey: string; data: MessageData<Name>; sendAt?: Date },
): Promise<string | null> {
  const now = dependencies.clock.now();
  const [row] = await transaction
    .insert(outboxMessages)
    .values({
      id: newId(dependencies.random, "message"),
      name: message.name,
      factKey: message.factKey,
      data: message.data,
      traceParent: currentTraceParent(),
      createdAt: now,
      sendAt: message.sendAt ?? now,
    })
    .onConflictDoNothing({ target: outboxMessages.factKey })
    .returning({ id: outboxMessages.id });
  return row?.id ?? null;
}
