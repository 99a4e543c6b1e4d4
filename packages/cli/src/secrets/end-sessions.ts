import { newId } from "@redress/core/ids";
import { endAllSessions } from "@redress/core/operators/deactivate";
import type { Desk } from "../command.ts";
import { actor } from "../events/replay-one.ts";
import { counted } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** `secrets end-sessions`: signs everybody out. */
export async function endSessions(
  { dependencies, terminal }: Desk,
  { yes, json }: { yes: boolean; json: boolean },
): Promise<number> {
  if (!yes && !(await isWanted(terminal))) {
    terminal.err.write("Nobody was signed out.\n");
    return 1;
  }
  const correlationId = newId(dependencies.random, "correlation");
  const ended = await endAllSessions(dependencies, { actor, correlationId });
  terminal.out.write(json ? `${JSON.stringify({ ended })}\n` : `${counted(ended, "session")} ended.\n`);
  return 0;
}

async function isWanted({ ask }: Desk["terminal"]): Promise<boolean> {
  if (!ask) throw new UsageError("Nobody can be asked here: add --yes to sign everybody out.");
  return /^y(es)?$/i.test((await ask("Sign everybody out? [y/N] ")).trim());
}
