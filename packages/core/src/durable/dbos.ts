import { AsyncResource } from "node:async_hooks";
import { DBOS, type DBOSConfig } from "@dbos-inc/dbos-sdk";
import { connectDatabase, type DatabaseConnection } from "@redress/database";
import type { Logger } from "../dependencies.ts";
import type { Meter } from "../metrics/meter.ts";
import { type Chunk, chunkId, inChunks, repeat } from "./chunks.ts";
import { parseEngineMessage } from "./engine-message.ts";
import { createKeyLock, type KeyLock } from "./key-lock.ts";
import { NotTakenError, type Refusal } from "./not-taken.ts";
import { observeStep } from "./observe-step.ts";
import type { AnyWorkflow, Engine, Step, Workflow, WorkflowFailure } from "./port.ts";
import { createSlots, type Slots } from "./slots.ts";

export interface DbosEngineOptions {
  readonly connectionString: string;
  readonly workflows: readonly AnyWorkflow[];
  readonly logger: Logger;
  readonly meter?: Meter | undefined;
  /** Told when a workflow has failed; its message is sent again after the grace period. */
  readonly onFailure?: (failure: WorkflowFailure) => Promise<void>;
  /** How many workflows run at a time; 32 unless told. */
  readonly concurrency?: number;
  /** Before the second try of a failing step; doubles from there. 1,000 unless told. */
  readonly retryIntervalMs?: number;
}

/**
 * DBOS recovers only runs of the same executor and version, so both are fixed. A run that an upgraded
 * workflow no longer fits fails, and its message is sent again.
 */
const executorID = "redress";
const applicationVersion = "1";
/** DBOS keeps finished runs for ever; ours matter only while somebody may look at them. */
const keepFinishedMs = 24 * 3_600_000;
const pruneEveryMs = 600_000;
/** Each is a commit of its own, which concurrent ones share. */
const sendAtOnce = 8;
const stopTimeoutMs = 20_000;

/**
 * DBOS Transact on the desk's own PostgreSQL, its tables in the schema `dbos`. One engine a process.
 *
 * Workflows are started directly and not through DBOS queues, which are polled: a webhook is handled at
 * once. What queues would give is here instead: `send` waits while many messages wait for their turn here, so that a
 * backlog stays in the outbox, and workflows of one key follow one another.
 */
export function createDbosEngine(options: DbosEngineOptions): Engine {
  const concurrency = options.concurrency ?? 32;
  const running: Running = {
    slots: createSlots(concurrency),
    backlog: createSlots(concurrency),
    isStopping: false,
  };
  const runs = new Map<string, (input: unknown) => Promise<void>>();
  // A step may wake the outbox; what it then sends is no part of that step.
  const outside = new AsyncResource("workflow-engine");
  let locks: KeyLock | null = null;
  let system: DatabaseConnection | null = null;
  let pruning: NodeJS.Timeout | undefined;

  async function startRun({ workflow, messages }: Chunk): Promise<void> {
    const run = runs.get(workflow.id);
    if (!run) throw new Error("the workflow engine is not started");
    const [message] = messages;
    const alone = message !== undefined && !workflow.repeatable;
    const workflowID = alone
      ? `${workflow.id}:${message.id}:${message.sendCount}`
      : chunkId(workflow, messages);
    const input = alone ? message : messages;
    await running.backlog.take();
    try {
      await outside.runInAsyncScope(() => DBOS.startWorkflow(run, { workflowID })(input));
    } finally {
      // What was started has entered by now.
      running.backlog.leave();
    }
  }

  return {
    name: "dbos",
    async start() {
      locks = createKeyLock(options.connectionString);
      system = connectDatabase({ connectionString: options.connectionString });
      DBOS.setConfig(configure(options, system));
      for (const workflow of options.workflows) {
        const run = createRun({ workflow, options, running, locks });
        runs.set(workflow.id, DBOS.registerWorkflow(run, { name: workflow.id }));
      }
      await DBOS.launch();
      pruning = setInterval(() => void prune(options.logger), pruneEveryMs).unref();
    },
    async send(messages) {
      const { chunks, untaken } = inChunks(options.workflows, messages);
      for (const { id: messageId, name } of untaken)
        options.logger.error({ messageId, name }, "No workflow takes this message.");
      const refusals = new Map<string, Refusal>();
      for (let from = 0; from < chunks.length; from += sendAtOnce) {
        const group = chunks.slice(from, from + sendAtOnce);
        const settled = await Promise.allSettled(group.map(startRun));
        for (const [index, chunk] of group.entries()) {
          const one = settled[index];
          if (one?.status !== "rejected") continue;
          for (const { id } of chunk.messages) refusals.set(id, { error: one.reason, forGood: false });
        }
      }
      if (refusals.size > 0) throw new NotTakenError(refusals);
    },
    async stop() {
      running.isStopping = true;
      clearInterval(pruning);
      await DBOS.shutdown({ deregister: true, workflowCompletionTimeoutMS: stopTimeoutMs });
      await locks?.close();
      await system?.close();
    },
  };
}

interface Running {
  /** Of messages at work. */
  readonly slots: Slots;
  /** Of messages that were started and wait for their turn. */
  readonly backlog: Slots;
  isStopping: boolean;
}

/**
 * What DBOS runs, the first time and when it recovers a run: it knows only JSON. Of a workflow that may be repeated a
 * whole chunk is one run without steps of its own, so that a flood of events costs few writes.
 */
function createRun(given: {
  workflow: Workflow;
  options: DbosEngineOptions;
  running: Running;
  locks: KeyLock;
}): (input: unknown) => Promise<void> {
  const { workflow, options, running, locks } = given;
  const { slots, backlog } = running;
  const retryIntervalMs = options.retryIntervalMs ?? 1_000;
  const step = workflow.repeatable
    ? repeat(workflow, slots, retryIntervalMs)
    : createStep(workflow, slots, retryIntervalMs);
  const hold = workflow.repeatable ? locks.holdHere : locks.hold;

  function readMessage(input: unknown) {
    try {
      return parseEngineMessage(input);
    } catch (error) {
      options.logger.error({ err: error, workflowId: workflow.id }, "A message is not one of this release.");
      throw error;
    }
  }

  async function runOne(input: unknown): Promise<void> {
    const message = readMessage(input);
    const key = workflow.concurrencyKey?.(message.data);
    const observed = observeStep(step, { workflow, message, meter: options.meter });
    const work = () => workflow.run({ messageId: message.id, data: message.data, step: observed });
    try {
      await (key === undefined ? work() : hold(key, work));
    } catch (error) {
      const facts = { err: error, workflowId: workflow.id, messageId: message.id };
      options.logger.error(facts, "A workflow failed; its message is sent again after a while.");
      const failure: WorkflowFailure = { workflowId: workflow.id, messageId: message.id, error };
      await options.onFailure?.(failure).catch((cause: unknown) => {
        options.logger.error({ ...facts, err: cause }, "A workflow's failure could not be recorded.");
      });
      throw error;
    }
  }

  async function inTurn(input: unknown, ofChunk: boolean): Promise<void> {
    backlog.enter();
    await slots.take();
    backlog.leave();
    try {
      // What a chunk has not begun by then comes again with the outbox.
      if (!(ofChunk && running.isStopping)) await runOne(input);
    } finally {
      slots.leave();
    }
  }

  return async (input) => {
    if (!Array.isArray(input)) return inTurn(input, false);
    // Each for itself: one that fails, which was told above, or is of another release takes no other with it.
    await Promise.allSettled(input.map((message) => inTurn(message, true)));
  };
}

function createStep(workflow: Workflow, slots: Slots, retryIntervalMs: number): Step {
  return {
    run: (name, work) =>
      DBOS.runStep(work, {
        name,
        retriesAllowed: workflow.attempts > 1,
        maxAttempts: workflow.attempts,
        intervalSeconds: retryIntervalMs / 1_000,
        backoffRate: 2,
      }),
    async sleep(_name, milliseconds) {
      // Who sleeps takes no room.
      slots.leave();
      try {
        await DBOS.sleep(milliseconds);
      } finally {
        slots.enter();
      }
    },
  };
}

function configure(
  { logger, connectionString }: DbosEngineOptions,
  { pool }: DatabaseConnection,
): DBOSConfig {
  return {
    name: "redress",
    systemDatabaseUrl: connectionString,
    systemDatabasePool: pool,
    systemDatabaseSchemaName: "dbos",
    executorID,
    applicationVersion,
    // Nobody here waits for events or streams of DBOS.
    useListenNotify: false,
    enableOTLP: false,
    logger: {
      debug: (entry) => logger.debug({}, `DBOS: ${String(entry)}`),
      info: (entry) => logger.debug({}, `DBOS: ${String(entry)}`),
      warn: (entry) => logger.warn({}, `DBOS: ${String(entry)}`),
      error: (entry, metadata) => logger.error({ err: metadata?.error }, `DBOS: ${String(entry)}`),
    },
  };
}

async function prune(logger: Logger): Promise<void> {
  try {
    const finished = await DBOS.listWorkflows({
      status: ["SUCCESS", "ERROR", "CANCELLED"],
      completedBefore: new Date(Date.now() - keepFinishedMs).toISOString(),
      limit: 5_000,
      loadInput: false,
      loadOutput: false,
    });
    if (finished.length > 0) await DBOS.deleteWorkflows(finished.map(({ workflowID }) => workflowID));
  } catch (error) {
    logger.warn({ err: error }, "Finished workflow runs could not be removed; it is tried again later.");
  }
}
