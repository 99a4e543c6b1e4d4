import { outboxMessages } from "@redress/database";
import { and, inArray, isNotNull, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { NotTakenError } from "../durable/not-taken.ts";
import type { EngineMessage } from "../durable/port.ts";

const firstPauseMs = 5_000;
const longestPauseMs = 60_000;
const longestReason = 1_000;

/**
 * Puts messages back that the engine did not take. An engine that is away is no fault of theirs: the sending
 * does not count, so that no outage makes dead letters, and they are due again after five seconds; after as
 * long as the engine has been away, at most a minute, when it stays away. What the engine refuses for good for
 * what is in it keeps its count and its growing grace, and so becomes a dead letter that a person sees.
 */
export function createGiveBack({
  database,
  clock,
  logger,
}: Pick<Dependencies, "database" | "clock" | "logger">): {
  /** The engine took all that it was sent. */
  allTaken(): void;
  /** @param error what `Engine.send` threw for these messages */
  giveBack(messages: readonly EngineMessage[], error: unknown): Promise<void>;
} {
  let awaySince: number | null = null;

  function pauseMs(): number {
    const now = clock.now().getTime();
    awaySince ??= now;
    return Math.min(Math.max(now - awaySince, firstPauseMs), longestPauseMs);
  }

  async function write(ids: string[], lastError: string, values: object): Promise<void> {
    if (ids.length === 0) return;
    await database
      .update(outboxMessages)
      .set({ lastError: lastError.slice(0, longestReason), ...values })
      .where(and(inArray(outboxMessages.id, ids), isNotNull(outboxMessages.sendAt)));
  }

  return {
    allTaken() {
      awaySince = null;
    },
    async giveBack(messages, error) {
      const refusals = error instanceof NotTakenError ? error.refusals : null;
      const notTaken = messages.map(({ id }) => id).filter((id) => refusals?.has(id) ?? true);
      const refused = notTaken.filter((id) => refusals?.get(id)?.forGood);
      for (const id of refused) {
        const why = refusals?.get(id)?.error;
        logger.error({ err: why, id }, "The workflow engine refuses a message for what is in it.");
        await write([id], String(why), {});
      }
      const away = notTaken.filter((id) => !refused.includes(id));
      if (away.length === 0 || notTaken.length < messages.length) awaySince = null;
      if (away.length === 0) return;
      const why = refusals?.get(away[0] ?? "")?.error ?? error;
      logger.error({ err: why, messages: away.length }, "The workflow engine did not take the messages.");
      // It may have taken some all the same: they keep their count, and with it the id that engines know them by.
      await write(away, String(why), {
        sendCount: sql`greatest(${outboxMessages.sendCount} - 1, 0)`,
        sendAt: new Date(clock.now().getTime() + pauseMs()),
      });
    },
  };
}
