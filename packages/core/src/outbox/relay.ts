import { outboxMessages } from "@redress/database";
import { isNotNull, min } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { parseEngineMessage } from "../durable/engine-message.ts";
import type { Engine, EngineMessage } from "../durable/port.ts";
import { addEventBodies } from "./add-event-bodies.ts";
import { createGiveBack } from "./give-back.ts";
import { type Kind, type TakenRow, takeDue } from "./take-due.ts";

const batchSize = 50;
/** Of events at a time while the server runs: a crowd is to be noticed before many of them are at work. */
const eventBatchSize = 10;
/** While events crowd in, one is relayed this often: some hundredths of a machine. */
const easedPauseMs = 100;

type RelayDependencies = Pick<Dependencies, "database" | "clock" | "logger">;
type GiveBack = ReturnType<typeof createGiveBack>;

export interface OutboxRelay {
  start(): void;
  /** Something was queued: look now. */
  wake(queued?: "event"): void;
  /** Hands over everything that is due now, at full speed. Answers how many messages that were. */
  relayDue(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Hands queued messages to the workflow engine, and hands them over again until their effect is in the
 * database: an engine's yes proves nothing, since it may lose what it acknowledged. Several relays may work
 * on one database.
 *
 * What people and apps wait for goes first; events of Stripe follow. While these crowd in, they are handled
 * slowly, so that the machine is there to acknowledge them; whoever says that they crowd in bounds how long.
 *
 * @param options.longestPauseMs between two looks when nothing wakes it; 1,000 unless told
 * @param options.isCrowded whether events crowd in; never, unless told
 */
export function createOutboxRelay(
  dependencies: RelayDependencies,
  engine: Pick<Engine, "send">,
  options: { longestPauseMs?: number; isCrowded?: () => boolean } = {},
): OutboxRelay {
  const longestPauseMs = options.longestPauseMs ?? 1_000;
  const isCrowded = options.isCrowded ?? (() => false);
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let wanted = false;
  let stopped = true;
  let stopping = false;
  /** The pause that goes on is there to ease events: their arrival does not end it. */
  let eased = false;
  const giveBack = createGiveBack(dependencies);
  const relay = (kind: Kind, limit = batchSize) =>
    relayBatch(dependencies, (messages) => handOver(engine, giveBack, messages), { kind, limit });

  async function relayOthers(): Promise<number> {
    let sum = 0;
    for (;;) {
      const { sent, count } = await relay("others");
      sum += sent;
      if (count < batchSize || stopping) return sum;
    }
  }

  async function relayDue(): Promise<number> {
    let sum = 0;
    for (;;) {
      sum += await relayOthers();
      const { sent, count } = await relay("events");
      sum += sent;
      if (count < batchSize) return sum;
    }
  }

  /** @returns whether events are left because others crowd in */
  async function relayEased(): Promise<boolean> {
    while (!stopping) {
      await relayOthers();
      if (isCrowded()) return (await relay("events", 1)).count > 0;
      if ((await relay("events", eventBatchSize)).count < eventBatchSize) return false;
    }
    return false;
  }

  async function run(): Promise<void> {
    let pauseMs = longestPauseMs;
    eased = false;
    try {
      do {
        wanted = false;
        eased = await relayEased();
      } while (wanted && !eased && !stopped);
      pauseMs = eased ? easedPauseMs : await pauseUntilDue(dependencies, longestPauseMs);
    } catch (error) {
      dependencies.logger.error(
        { err: error },
        "The outbox could not be relayed; it is tried again shortly.",
      );
    }
    running = null;
    if (stopped) return;
    if (wanted && !eased) wake();
    else timer = setTimeout(wake, pauseMs);
  }

  function wake(queued?: "event"): void {
    if (eased && queued === "event") return;
    wanted = true;
    if (stopped || running) return;
    clearTimeout(timer);
    running = run();
  }

  return {
    start() {
      stopped = false;
      stopping = false;
      wake();
    },
    wake,
    relayDue,
    async stop() {
      stopped = true;
      stopping = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** @returns how many rows were due, at most the limit, and how many of them the engine was given */
async function relayBatch(
  dependencies: RelayDependencies,
  send: (messages: EngineMessage[]) => Promise<void>,
  take: Parameters<typeof takeDue>[1],
): Promise<{ count: number; sent: number }> {
  const { rows, count } = await takeDue(dependencies, take);
  const messages = readMessages(dependencies, await addEventBodies(dependencies, rows));
  if (messages.length > 0) await send(messages);
  return { count, sent: messages.length };
}

function readMessages({ logger }: RelayDependencies, rows: readonly TakenRow[]): EngineMessage[] {
  return rows.flatMap((row) => {
    try {
      return [parseEngineMessage(row)];
    } catch (error) {
      const { id, name } = row;
      logger.error({ err: error, id, name }, "A queued message is not one of this release.");
      return [];
    }
  });
}

async function handOver(
  engine: Pick<Engine, "send">,
  giveBack: GiveBack,
  messages: EngineMessage[],
): Promise<void> {
  try {
    await engine.send(messages);
    giveBack.allTaken();
  } catch (error) {
    await giveBack.giveBack(messages, error);
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
