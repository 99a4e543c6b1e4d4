import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import type { Chance } from "./chance.ts";

/** One run of a process: what it started ends with it, between any two of its awaits. */
export interface Life {
  readonly name: string;
  alive: boolean;
}

/** Something outside the process that a task waits for. */
export interface ExternalCall<Answer> {
  /** Null for what no process of ours does: the network, people, Stripe. */
  readonly life: Life | null;
  readonly label: string;
  readonly run: () => Promise<Answer>;
  /** Whether it waits for a lock that a paused task holds; without it, it never does. */
  readonly isBlocked?: () => Promise<boolean>;
  /** The process died while this was blocked. */
  readonly abandon?: () => Promise<void>;
}

interface Waiting {
  readonly task: string;
  readonly life: Life | null;
  readonly label: string;
  readonly run: () => Promise<unknown>;
  readonly isBlocked: (() => Promise<boolean>) | undefined;
  readonly abandon: (() => Promise<void>) | undefined;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Outcome {
  readonly error?: unknown;
  readonly answer?: unknown;
  readonly failed: boolean;
}

interface Running {
  readonly waiting: Waiting;
  outcome: Outcome | undefined;
  done: Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly number: number;
  readonly life: Life | null;
  readonly fire: () => void;
}

/** What may happen right before or after one step: the death of a process. */
export type Interruption = "none" | "before" | "after";

export interface SchedulerOptions {
  readonly chance: Chance;
  readonly startMs: number;
  /** Moves what has a clock of its own; everything it causes has happened when it resolves. */
  readonly onTime: (nowMs: number) => Promise<void>;
  /** Asked at each step of a process. */
  readonly interrupt: (life: Life, label: string, task: string) => Interruption;
  readonly onInterrupt: (life: Life) => Promise<void>;
  /** A task ended with an error. */
  readonly onError: (task: string, error: unknown) => void;
  readonly tell: (line: string) => void;
}

/** One for all runs: each such storage costs every promise of its process something, for ever. */
const taskNames = new AsyncLocalStorage<string>();

/** Longer than the shortest `deadlock_timeout`, so that PostgreSQL has looked for a circle before we ask. */
const patienceMs = 4;
/** A run that takes more steps than this has got into a circle. */
const mostSteps = 60_000;

/**
 * Runs tasks one at a time. Each stops at every external call; which goes on is chosen by chance, so that
 * every interleaving of calls and commits can happen and the same seed repeats it. Time is virtual: it
 * moves a little with each step, and jumps when everybody waits for it.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #hash = createHash("sha256");
  #ready: Waiting[] = [];
  #blocked: Running[] = [];
  #timers: Timer[] = [];
  /** A lock may have been given back since those who wait were looked at. */
  #mayUnblock = false;
  #timerCount = 0;
  #nowMs: number;
  #toldMs: number;
  steps = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#nowMs = options.startMs;
    this.#toldMs = options.startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get task(): string {
    return taskNames.getStore() ?? "nobody";
  }

  /** The fingerprint of every step so far. */
  fingerprint(): string {
    return this.#hash.copy().digest("hex").slice(0, 16);
  }

  /** Writes a line to the story, and into the fingerprint. */
  tell(line: string): void {
    this.#hash.update(`${line}\n`);
    this.#options.tell(`${this.#clock()} ${line}`);
  }

  /** Starts a task; it begins when it is chosen. */
  spawn(name: string, life: Life | null, work: () => Promise<unknown>): void {
    if (life?.alive === false) return;
    taskNames.run(name, () => {
      this.external({ life, label: "begins", run: async () => {} })
        .then(work)
        .catch((error: unknown) => {
          this.tell(`[${name}] ended with ${describe(error)}`);
          this.#options.onError(name, error);
        });
    });
  }

  /** Waits for its turn, makes the call, and waits for its answer. Never answers to a process that died. */
  external<Answer>(call: ExternalCall<Answer>): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      if (call.life?.alive === false) return;
      let answer: Answer;
      this.#ready.push({
        task: this.task,
        life: call.life,
        label: call.label,
        run: async () => {
          answer = await call.run();
        },
        isBlocked: call.isBlocked,
        abandon: call.abandon,
        resolve: () => resolve(answer),
        reject,
      });
    });
  }

  sleep(milliseconds: number, life: Life | null, label: string): Promise<void> {
    const name = this.task;
    return new Promise((resolve) => {
      this.at(this.#nowMs + milliseconds, life, () => {
        taskNames.run(name, () => {
          void this.external({ life, label: `${label} is over`, run: async () => {} }).then(resolve);
        });
      });
    });
  }

  /** Calls `fire` at a moment, unless its process has died by then. */
  at(moment: number, life: Life | null, fire: () => void): void {
    this.#timerCount += 1;
    const timer = { at: moment, number: this.#timerCount, life, fire };
    let place = this.#timers.length;
    while (place > 0 && (this.#timers[place - 1]?.at ?? 0) > moment) place -= 1;
    this.#timers.splice(place, 0, timer);
  }

  /** Ends everything that a process was doing. */
  async end(life: Life): Promise<void> {
    life.alive = false;
    this.#ready = this.#ready.filter((waiting) => waiting.life !== life);
    this.#timers = this.#timers.filter((timer) => timer.life !== life);
    const abandoned = this.#blocked.filter(({ waiting }) => waiting.life === life);
    this.#blocked = this.#blocked.filter(({ waiting }) => waiting.life !== life);
    for (const { waiting } of abandoned) await waiting.abandon?.();
    this.#mayUnblock = true;
  }

  /** Goes on until nobody has anything to do before `untilMs`; then it is `untilMs`. */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      await quiet();
      await this.#wakeUnblocked();
      this.#fireDue();
      const next = this.#ready.length > 0 ? this.#options.chance.below(this.#ready.length) : -1;
      const [chosen] = next < 0 ? [] : this.#ready.splice(next, 1);
      if (chosen !== undefined) {
        await this.#step(chosen);
        continue;
      }
      if (this.#blocked.length > 0) {
        await this.#untilUnblocked();
        continue;
      }
      const due = this.#timers[0]?.at ?? Number.POSITIVE_INFINITY;
      await this.#moveTo(Math.max(this.#nowMs, Math.min(due, untilMs)));
      if (due > untilMs) return;
    }
  }

  async #step(waiting: Waiting): Promise<void> {
    this.steps += 1;
    if (this.steps > mostSteps) throw new Error(`no end after ${mostSteps} steps`);
    this.#nowMs += this.#options.chance.between(1, 12);
    const { life, label } = waiting;
    const interruption = life === null ? "none" : this.#options.interrupt(life, label, waiting.task);
    if (life !== null && interruption === "before") {
      this.tell(`[${waiting.task}] ${label}: the process dies before it`);
      await this.#options.onInterrupt(life);
      return;
    }
    const running: Running = { waiting, outcome: undefined, done: Promise.resolve() };
    running.done = waiting.run().then(
      (answer) => {
        running.outcome = { answer, failed: false };
      },
      (error: unknown) => {
        running.outcome = { error, failed: true };
      },
    );
    const blocked = await this.#isBlocked(running);
    this.#mayUnblock ||= waiting.isBlocked !== undefined && !keepsLocks(label);
    const tail = running.outcome?.failed ? ` !! ${describe(running.outcome.error)}` : "";
    this.tell(`[${waiting.task}] ${label}${blocked ? " … waits for a lock" : tail}`);
    if (blocked) this.#blocked.push(running);
    if (life !== null && interruption === "after") {
      this.tell(`[${waiting.task}] ${label}: the process dies after it`);
      await this.#options.onInterrupt(life);
      return;
    }
    if (!blocked) deliver(running);
  }

  /** Waits until a call is answered, or waits for a lock; which of both does not depend on real time. */
  async #isBlocked(running: Running): Promise<boolean> {
    const { isBlocked } = running.waiting;
    if (isBlocked === undefined) {
      await running.done;
      return false;
    }
    for (let asked = 0; running.outcome === undefined; ) {
      await atMost(running.done, patienceMs);
      if (running.outcome !== undefined) return false;
      // Twice: the first time it may just have come to the lock, and be through the next moment.
      if (await isBlocked()) asked += 1;
      if (asked >= 2 && running.outcome === undefined) return true;
    }
    return false;
  }

  /** After a commit, those who waited for its locks have their answers: in the order in which they came. */
  async #wakeUnblocked(): Promise<void> {
    if (this.#blocked.length === 0 || !this.#mayUnblock) return;
    this.#mayUnblock = false;
    const still: Running[] = [];
    for (const running of this.#blocked) {
      if (await this.#isBlocked(running)) still.push(running);
      else this.#requeue(running);
    }
    this.#blocked = still;
  }

  #requeue(running: Running): void {
    const { waiting } = running;
    this.#ready.push({
      ...waiting,
      label: `${waiting.label} (got its lock)`,
      run: async () => {
        if (running.outcome?.failed) throw running.outcome.error;
      },
      isBlocked: undefined,
      abandon: undefined,
    });
  }

  /** Nobody can go on: two wait for each other, and PostgreSQL ends one of them. */
  async #untilUnblocked(): Promise<void> {
    this.tell("everybody waits for a lock");
    for (let waited = 0; waited < 5_000; waited += 5) {
      await pause(5);
      if (this.#blocked.some(({ outcome }) => outcome !== undefined)) return;
    }
    throw new Error(`locked for good: ${this.#blocked.map(({ waiting }) => waiting.label).join(", ")}`);
  }

  #fireDue(): void {
    for (let [timer] = this.#timers; timer !== undefined && timer.at <= this.#nowMs; [timer] = this.#timers) {
      this.#timers.shift();
      timer.fire();
    }
  }

  async #moveTo(moment: number): Promise<void> {
    this.#nowMs = moment;
    if (moment === this.#toldMs) return;
    this.#toldMs = moment;
    await this.#options.onTime(moment);
  }

  #clock(): string {
    const elapsed = this.#nowMs - this.#options.startMs;
    const text = (divisor: number, modulus: number) =>
      String(Math.floor(elapsed / divisor) % modulus).padStart(2, "0");
    const days = Math.floor(elapsed / 86_400_000);
    const clock = `${text(3_600_000, 24)}:${text(60_000, 60)}:${text(1_000, 60)}`;
    return `${days}d ${clock}.${String(elapsed % 1000).padStart(3, "0")}`;
  }
}

/** Locks are given back at the end of a transaction, which may be any statement but these. */
function keepsLocks(label: string): boolean {
  return label === "begin" || label.startsWith("select");
}

function deliver({ waiting, outcome }: Running): void {
  if (outcome === undefined) throw new Error(`${waiting.label} has no outcome`);
  if (outcome.failed) waiting.reject(outcome.error);
  else waiting.resolve(outcome.answer);
}

export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : "";
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${error.name}${code}: ${error.message.slice(0, 160)}${cause}`;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Until the one task that runs has come to its next external call. */
async function quiet(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/** Until it has happened, or that long; its timer does not outlive it. */
async function atMost(happening: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([happening, patience]);
  clearTimeout(timer);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
