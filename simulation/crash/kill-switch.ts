import type { Interruption } from "../scheduler.ts";
import type { Interrupter } from "../world.ts";

export type Side = "before" | "after";

/** One death: right before or after the k-th call, counted from 1. */
export interface Kill {
  readonly call: number;
  readonly side: Side;
}

/** A call of the process to something outside it, as the scheduler names it. */
export interface Call {
  readonly task: string;
  readonly label: string;
}

/** What no call is: the start of a task, the end of a pause, somebody's look, the second half of a wait. */
const noCall = /^(?:begins|looks)$| is over$| \(got its lock\)$/;

/**
 * Numbers the external calls of a path, and kills the process at one of them; of the process that was started
 * after that, every call counts until the end of the run.
 */
export class KillSwitch implements Interrupter {
  /** The calls of the path, in order. */
  readonly calls: Call[] = [];
  /** The calls after the restart. */
  readonly callsOfRecovery: Call[] = [];
  /** Where it struck. */
  readonly struck: Call[] = [];
  readonly restartAfterMs: number;
  readonly #kill: Kill | null;
  readonly #second: Kill | null;
  readonly #onDeath: () => Promise<void>;
  #counts: ((call: Call) => boolean) | null = null;

  constructor(given: {
    kill: Kill | null;
    /** Of the process that recovers. */
    second: Kill | null;
    restartAfterMs: number;
    onDeath: () => Promise<void>;
  }) {
    this.#kill = given.kill;
    this.#second = given.second;
    this.restartAfterMs = given.restartAfterMs;
    this.#onDeath = given.onDeath;
  }

  /** From here on, what counts is numbered. */
  open(counts: (call: Call) => boolean): void {
    this.#counts = counts;
  }

  close(): void {
    this.#counts = null;
  }

  at(label: string, task: string): Interruption {
    if (noCall.test(label)) return "none";
    const call = { task, label };
    if (this.struck.length === 0) {
      if (this.#counts?.(call) !== true) return "none";
      this.calls.push(call);
      return this.#strike(call, this.#kill, this.calls.length);
    }
    this.callsOfRecovery.push(call);
    if (this.struck.length > 1) return "none";
    return this.#strike(call, this.#second, this.callsOfRecovery.length);
  }

  died(): Promise<void> {
    return this.#onDeath();
  }

  #strike(call: Call, kill: Kill | null, number: number): Interruption {
    if (kill?.call !== number) return "none";
    this.struck.push(call);
    return kill.side;
  }
}
