import { outboxMessages } from "@redress/database";
import { and, asc, gte, inArray, isNotNull, lt, lte, min, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { parseEngineMessage } from "../durable/engine-message.ts";
import type { Engine, EngineMessage } from "../durable/port.ts";

/** A message is sent this often before it counts as dead: with the graces below, for over half a day. */
export const maximumSends = 20;
const firstGraceMs = 30_000;
const longestGraceMs = 3_600_000;
const batchSize = 50;

type RelayDependencies = Pick<Dependencies, "database" | "clock" | "logger">;

export interface OutboxRelay {
  start(): void;
  /** Something was queued: look now. */
  wake(): void;
  /** Hands over everything that is due now. Answers how many messages that were. */
  relayDue(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Hands queued messages to the workflow engine, and hands them over again until their effect is in the
 * database: an engine's yes proves nothing, since it may lose what it acknowledged. Several relays may work
 * on one database.
 *
 * @param options.longestPauseMs between two looks when nothing wakes it; 1,000 unless told
 */
export function createOutboxRelay(
  dependencies: RelayDependencies,
  engine: Pick<Engine, "send">,
  options: { longestPauseMs?: number } = {},
): OutboxRelay {
  const longestPauseMs = options.longestPauseMs ?? 1_000;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let wanted = false;
  let stopped = true;

  async function relayDue(): Promise<number> {
    let count = 0;
    for (;;) {
      const messages = await takeDue(dependencies);
      if (messages.length > 0) await handOver(dependencies, engine, messages);
      count += messages.length;
      if (messages.length < batchSize) break;
    }
    await buryDead(dependencies);
    return count;
  }

  async function run(): Promise<void> {
    let pauseMs = longestPauseMs;
    try {
      do {
        wanted = false;
        await relayDue();
      } while (wanted && !stopped);
      pauseMs = await pauseUntilDue(dependencies, longestPauseMs);
    } catch (error) {
      dependencies.logger.error(
        { err: error },
        "The outbox could not be relayed; it is tried again shortly.",
      );
    }
    running = null;
    if (stopped) return;
    if (wanted) wake();
    else timer = setTimeout(wake, pauseMs);
  }

  function wake(): void {
    wanted = true;
    if (stopped || running) return;
    clearTimeout(timer);
    running = run();
  }

  return {
    start() {
      stopped = false;
      wake();
    },
    wake,
    relayDue,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Takes what is due and says, in the same statement, when it is due again: after the grace, which grows. */
async function takeDue({ database, clock, logger }: RelayDependencies): Promise<EngineMessage[]> {
  const now = clock.now();
  const due = database
    .select({ id: outboxMessages.id })
    .from(outboxMessages)
    .where(and(lte(outboxMessages.sendAt, now), lt(outboxMessages.sendCount, maximumSends)))
    .orderBy(asc(outboxMessages.sendAt))
    .limit(batchSize)
    .for("update", { skipLocked: true });
  const graceMs = sql`least(${firstGraceMs} * power(2, ${outboxMessages.sendCount}), ${longestGraceMs})`;
  const taken = await database
    .update(outboxMessages)
    .set({
      sendCount: sql`${outboxMessages.sendCount} + 1`,
      sendAt: sql`${now.toISOString()}::timestamptz + ${graceMs} * interval '1 millisecond'`,
    })
    .where(inArray(outboxMessages.id, due))
    .returning();
  return taken.flatMap((row) => {
    try {
      return [parseEngineMessage(row)];
    } catch (error) {
      logger.error(
        { err: error, id: row.id, name: row.name },
        "A queued message is not one of this release.",
      );
      return [];
    }
  });
}

async function handOver(
  { database, clock, logger }: RelayDependencies,
  engine: Pick<Engine, "send">,
  messages: EngineMessage[],
): Promise<void> {
  try {
    await engine.send(messages);
  } catch (error) {
    // It may have taken some of them: each is sent again, and each workflow may run twice.
    logger.error({ err: error, messages: messages.length }, "The workflow engine did not take the messages.");
    const ids = messages.map((message) => message.id);
    await database
      .update(outboxMessages)
      .set({ sendAt: new Date(clock.now().getTime() + 5_000), lastError: String(error) })
      .where(and(inArray(outboxMessages.id, ids), isNotNull(outboxMessages.sendAt)));
  }
}

/** What was sent in vain too often stays, visible, until a person sends it again. */
async function buryDead({ database, clock, logger }: RelayDependencies): Promise<void> {
  const now = clock.now();
  const dead = await database
    .update(outboxMessages)
    .set({ deadAt: now, sendAt: null })
    .where(and(lte(outboxMessages.sendAt, now), gte(outboxMessages.sendCount, maximumSends)))
    .returning();
  for (const { id, name, factKey, lastError } of dead) {
    logger.error(
      { id, name, factKey, lastError },
      "A message failed for good; look into it and send it again.",
    );
  }
}

async function pauseUntilDue({ database, clock }: RelayDependencies, longestMs: number): Promise<number> {
  const [next] = await database
    .select({ at: min(outboxMessages.sendAt) })
    .from(outboxMessages)
    .where(isNotNull(outboxMessages.sendAt));
  if (!next?.at) return longestMs;
  return Math.min(Math.max(next.at.getTime() - clock.now().getTime(), 10), longestMs);
}
