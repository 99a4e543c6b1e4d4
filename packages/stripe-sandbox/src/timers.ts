import type { SandboxClock } from "./clock.ts";
import type { JsonObject } from "./context.ts";
import type { IdGenerator } from "./ids.ts";
import { defineCollection, type StoredRecord } from "./store/collection.ts";
import { SANDBOX_SCOPE } from "./store/scope.ts";
import type { Store } from "./store/store.ts";

/** Work that is due at a moment of the sandbox clock. It is data, so it survives a restart. */
export interface TimerRecord extends StoredRecord {
  readonly dueMs: number;
  readonly name: string;
  readonly account: string;
  readonly payload: JsonObject;
}

const timerRecords = defineCollection<TimerRecord>("timers", {});

interface Due {
  readonly id: string;
  readonly dueMs: number;
}

/** Node's longest timeout. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/**
 * Runs each timer once, in its own transaction, in order of due time. Real time passing runs them by
 * itself; {@link runDue} does when the clock was moved.
 */
export class Timers {
  readonly #store: Store;
  readonly #clock: SandboxClock;
  readonly #ids: IdGenerator;
  readonly #run: (timer: TimerRecord) => void;
  readonly #afterwards: () => void;
  /** Sorted by due time. It may hold timers that were undone: running looks each one up. */
  #queue: Due[] = [];
  #wakeUp: NodeJS.Timeout | undefined;

  constructor(parts: {
    store: Store;
    clock: SandboxClock;
    ids: IdGenerator;
    /** Executes one timer, inside its transaction. */
    run: (timer: TimerRecord) => void;
    /** After timers have run by themselves. */
    afterwards: () => void;
  }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#ids = parts.ids;
    this.#run = parts.run;
    this.#afterwards = parts.afterwards;
  }

  /** Takes up the stored timers again. */
  start(): void {
    const stored = this.#store.collection(SANDBOX_SCOPE, timerRecords).all();
    this.#queue = stored.map(({ id, dueMs }) => ({ id, dueMs })).sort((a, b) => a.dueMs - b.dueMs);
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#wakeUp);
    this.#queue = [];
  }

  /** Must run inside a transaction. */
  schedule(timer: { name: string; account: string; delayMs: number; payload: JsonObject }): void {
    const { name, account, delayMs, payload } = timer;
    const id = this.#ids.id("tmr_");
    const dueMs = this.#clock.nowMs() + Math.max(0, delayMs);
    const record = { id, created: this.#clock.nowSeconds(), dueMs, name, account, payload };
    this.#store.collection(SANDBOX_SCOPE, timerRecords).put(record);
    let at = this.#queue.length;
    while (at > 0 && (this.#queue[at - 1]?.dueMs ?? 0) > dueMs) at -= 1;
    this.#queue.splice(at, 0, { id, dueMs });
    if (at === 0) this.#arm();
  }

  /** When the next timer is due, epoch milliseconds. */
  nextDueMs(): number | undefined {
    return this.#queue[0]?.dueMs;
  }

  runDue(): void {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (next.dueMs > this.#clock.nowMs()) break;
      this.#queue.shift();
      const { id } = next;
      this.#store.transaction(() => {
        const timers = this.#store.collection(SANDBOX_SCOPE, timerRecords);
        const timer = timers.get(id);
        if (timer === undefined) return;
        timers.delete(id);
        this.#run(timer);
      });
    }
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#wakeUp);
    const next = this.nextDueMs();
    if (next === undefined) return;
    // A source of time that stands still must not make this spin.
    const wait = Math.min(Math.max(next - this.#clock.nowMs(), 5), LONGEST_WAIT_MS);
    this.#wakeUp = setTimeout(() => {
      this.runDue();
      this.#afterwards();
    }, wait);
    this.#wakeUp.unref();
  }
}
