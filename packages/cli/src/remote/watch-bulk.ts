import { setTimeout as delay } from "node:timers/promises";
import type { z } from "zod";
import { createProgress } from "../terminal.ts";
import { isOver, shareOf } from "./bulk-lines.ts";
import { DeskError } from "./desk-error.ts";
import type { Remote } from "./remote-command.ts";
import type { oneBulkShape } from "./shapes.ts";

const everyMs = 2_000;
/** What passes by itself while somebody watches. */
const passing = new Set(["desk_unreachable", "rate_limited", "stopping", "database_unavailable"]);

type Answer = z.output<typeof oneBulkShape>;

/**
 * Shows how far a list has come until it has ended or the person stops it; waiting for an approval is part of it.
 *
 * @returns what the desk said last
 * @throws DeskError when the desk refuses, or does not answer the first time
 */
export async function watchBulk(
  { terminal, stopping }: Pick<Remote, "terminal" | "stopping">,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const progress = createProgress(terminal, "List");
  let answer = await ask();
  try {
    for (;;) {
      const { share, facts } = shareOf(answer.bulkRefund);
      progress.show(share, facts);
      if (isOver(answer.bulkRefund)) return answer;
      await delay(everyMs, undefined, { signal: stopping }).catch(() => undefined);
      if (stopping.aborted) return answer;
      answer = (await askAgain(ask, progress.say)) ?? answer;
    }
  } finally {
    progress.end();
  }
}

async function askAgain(ask: () => Promise<Answer>, say: (line: string) => void): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof DeskError) || !passing.has(error.code)) throw error;
    say(error.message);
    return null;
  }
}
