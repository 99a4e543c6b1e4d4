import type { AnyWorkflow, Engine, EngineMessage, Step, Workflow } from "@redress/core/durable/port";
import { takersOf } from "@redress/core/durable/takers";
import type { Chance } from "./chance.ts";
import type { Faults } from "./faults.ts";
import type { Life, Scheduler } from "./scheduler.ts";

interface Run {
  readonly id: string;
  readonly workflowId: string;
  readonly message: EngineMessage;
  /** Answers of finished steps, as JSON. */
  readonly steps: Map<string, string>;
  isDone: boolean;
}

/** What the engine keeps outside our process: it survives it, mostly. */
export class EngineStorage {
  readonly runs = new Map<string, Run>();
}

/** A third engine: durable like the others, and as forgetful as any may be. */
export function createSimulatedEngine(given: {
  storage: EngineStorage;
  scheduler: Scheduler;
  life: Life;
  faults: Faults;
  chance: Chance;
  workflows: readonly AnyWorkflow[];
  onFailure: (failure: { workflowId: string; messageId: string; error: unknown }) => Promise<void>;
}): Engine {
  const { storage, scheduler, life, faults, workflows } = given;
  const queues = new Map<string, Promise<void>>();

  const begin = (run: Run, workflow: Workflow): void => {
    const key = workflow.concurrencyKey?.(run.message.data);
    const work = () => perform(given, run, workflow);
    scheduler.spawn(`${workflow.id} ${run.message.id}`, life, () => {
      if (key === undefined) return work();
      const turn = (queues.get(key) ?? Promise.resolve()).then(work, work);
      queues.set(key, turn);
      return turn;
    });
  };
  const accept = (message: EngineMessage): void => {
    for (const workflow of takersOf(workflows, message)) {
      const copies = faults.strikes("engine_twice") ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        const id = `${message.id}/${message.sendCount}/${workflow.id}/${copy}`;
        if (storage.runs.has(id)) continue;
        const run: Run = { id, workflowId: workflow.id, message, steps: new Map(), isDone: false };
        storage.runs.set(id, run);
        begin(run, workflow);
      }
    }
  };
  return {
    name: "inline",
    async start() {
      for (const run of [...storage.runs.values()]) {
        const workflow = workflows.find(({ id }) => id === run.workflowId);
        if (run.isDone || workflow === undefined) continue;
        if (faults.strikes("engine_forgets_at_death")) storage.runs.delete(run.id);
        // It is the same list that `accept` takes from, so the message fits its workflow.
        else begin(run, workflow as unknown as Workflow);
      }
    },
    async stop() {},
    send: (messages) =>
      scheduler.external({
        life,
        label: `hands the engine ${messages
          .map(({ name }) => name)
          .toSorted()
          .join(", ")}`,
        run: async () => {
          if (faults.strikes("engine_refused")) throw new Error("the engine does not answer");
          // An engine promises no order, and the database gives none: this one is the same in every run.
          const inOrder = messages.toSorted((one, other) => (one.id < other.id ? -1 : 1));
          for (const message of inOrder) if (!faults.strikes("engine_lost")) accept(message);
        },
      }),
  };
}

async function perform(
  given: Parameters<typeof createSimulatedEngine>[0],
  run: Run,
  workflow: Workflow,
): Promise<void> {
  const { scheduler, life, onFailure } = given;
  const { id: messageId, data } = run.message;
  const save = (label: string, change: () => void) =>
    scheduler.external({ life, label, run: async () => change() });
  const step: Step = {
    async run(name, work) {
      const kept = run.steps.get(name);
      if (kept !== undefined) return JSON.parse(kept);
      const answer = await attempt(given, workflow, work);
      await save(`the engine keeps step ${name}`, () => {
        run.steps.set(name, JSON.stringify(answer ?? null));
      });
      return answer;
    },
    sleep: (name, milliseconds) => scheduler.sleep(milliseconds, life, name),
  };
  try {
    await workflow.run({ messageId, data, step });
  } catch (error) {
    scheduler.tell(`  ${workflow.id} failed: ${String(error).slice(0, 120)}`);
    await onFailure({ workflowId: workflow.id, messageId, error }).catch(() => {});
  }
  await save("the engine keeps the end", () => {
    run.isDone = true;
  });
}

async function attempt<Answer>(
  { scheduler, life }: { scheduler: Scheduler; life: Life },
  { attempts }: Workflow,
  work: () => Promise<Answer>,
): Promise<Answer> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (tried >= attempts) throw error;
      await scheduler.sleep(1_000 * 2 ** (tried - 1), life, "the pause before the next try");
    }
  }
}
