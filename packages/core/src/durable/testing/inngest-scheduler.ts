import { evaluate } from "@marcbachmann/cel-js";
import { drive, type RegisteredFunction, type TakenEvent } from "./inngest-run.ts";

/** Starts a run for each function that an event triggers, and lets those of one concurrency key take turns. */
export interface InngestScheduler {
  functions: readonly RegisteredFunction[];
  /** All that was taken, lost or not. */
  readonly events: readonly TakenEvent[];
  /** An event whose id was seen before starts nothing. */
  take(event: TakenEvent): void;
  loseNext(): void;
}

export function createInngestScheduler(given: {
  signingKey: string;
  retryDelayMs: number;
}): InngestScheduler {
  const events: TakenEvent[] = [];
  const seen = new Set<string>();
  const inTurn = createTurns();
  let [lost, runs] = [0, 0];

  const scheduler: InngestScheduler = {
    functions: [],
    events,
    take(event) {
      const known = seen.has(event.id);
      events.push(event);
      seen.add(event.id);
      if (known) return;
      if (lost > 0) lost -= 1;
      else for (const served of scheduler.functions) if (isTriggered(served, event)) void run(served, event);
    },
    loseNext() {
      lost += 1;
    },
  };

  async function run(served: RegisteredFunction, event: TakenEvent): Promise<void> {
    runs += 1;
    const id = `run_${runs}`;
    const latest = () => scheduler.functions.find((candidate) => candidate.id === served.id) ?? served;
    const keys = keysOf(served, event);
    const outcome = await drive({
      ...given,
      id,
      served,
      event,
      url: () => latest().steps.step.runtime.url,
      inTurn: (work) => inTurn(keys, work),
    });
    if (outcome.kind === "done" || event.name === "inngest/function.failed") return;
    const data = { function_id: served.id, run_id: id, error: outcome.error, event };
    scheduler.take({ id: `failed_${id}`, name: "inngest/function.failed", ts: Date.now(), data });
  }
  return scheduler;
}

function isTriggered({ triggers }: RegisteredFunction, event: TakenEvent): boolean {
  return triggers.some(({ event: name, expression }) => {
    return name === event.name && (expression === undefined || evaluate(expression, { event }) === true);
  });
}

/** In the scope of the environment a key is one for all functions that name it. */
function keysOf({ id, concurrency }: RegisteredFunction, event: TakenEvent): string[] {
  return concurrency.map(({ scope, key }) => {
    return `${scope === "env" ? "env" : id}:${String(evaluate(key, { event }))}`;
  });
}

/** Those who name the same key wait for each other, in their order. */
function createTurns() {
  const lines = new Map<string, Promise<unknown>>();
  return async <Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result> => {
    const turn = Promise.all(keys.map((key) => lines.get(key))).then(work);
    const settled = turn.catch(() => {});
    for (const key of keys) lines.set(key, settled);
    return turn;
  };
}
