import { systemActor } from "@redress/core/actor";
import { newId } from "@redress/core/ids";
import { replayDeadLetter } from "@redress/core/webhooks/replay-dead-letter";
import { replayEvent } from "@redress/core/webhooks/replay-event";
import type { Desk } from "../command.ts";
import { checkingInput } from "./usage-of.ts";

/** Whoever has a shell on the server: the desk does not know their name. */
export const actor = systemActor("command_line");

/** `events replay evt_…` and `events replay msg_…`. */
export async function replayOne(
  { dependencies, terminal }: Desk,
  id: string,
  { json }: { json: boolean },
): Promise<number> {
  const correlationId = newId(dependencies.random, "correlation");
  await checkingInput(dependencies, async () => {
    if (id.startsWith("evt_")) await replayEvent(dependencies, { eventId: id, actor, correlationId });
    else await replayDeadLetter(dependencies, { messageId: id, actor, correlationId });
  });
  const said = json
    ? JSON.stringify({ replayed: id, correlationId })
    : `${id} is sent again. The running server handles it; if none runs, the next one that starts does.`;
  terminal.out.write(`${said}\n`);
  return 0;
}
