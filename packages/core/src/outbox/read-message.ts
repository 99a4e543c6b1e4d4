import { outboxMessages } from "@redress/database";
import { and, eq, isNull } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { parseEngineMessage } from "../durable/engine-message.ts";
import type { EngineMessage } from "../durable/port.ts";
import { addEventBodies } from "./add-event-bodies.ts";

/**
 * A message as the database has it, for an engine that is told only its id, or does not trust what it is told.
 *
 * @returns null when there is nothing to do: no such message, its effect is in the database already, or the
 *   event's body was removed at the end of its retention
 * @throws ZodError when the message is not one of this release
 */
export async function readMessage(
  dependencies: Pick<Dependencies, "database" | "clock" | "logger">,
  messageId: string,
): Promise<EngineMessage | null> {
  const rows = await dependencies.database
    .select()
    .from(outboxMessages)
    .where(and(eq(outboxMessages.id, messageId), isNull(outboxMessages.completedAt)));
  const [message] = await addEventBodies(dependencies, rows);
  return message === undefined ? null : parseEngineMessage(message);
}
