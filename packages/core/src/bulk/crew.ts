import { setTimeout as delay } from "node:timers/promises";
import { refundAttempts, refunds } from "@redress/database";
import { desc, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { callStripe, executeRefund } from "../refunds/execute-refund.ts";
import type { ExecutionAnswer } from "../refunds/execution-answer.ts";
import { queueNextExecution } from "../refunds/queue-next-execution.ts";
import { readApp } from "../refunds/refund-row.ts";
import { notePace, takePace } from "../stripe/refund-pace.ts";
import { requestNextLines } from "./request-item.ts";

/** Refunds under way at a time: at Stripe's hundred a second, each a good half of one from its asking to its end. */
const usualParallel = 80;
/** Lines that are asked for in one transaction. */
const linesAtOnce = 8;
/** How long before its turn a line is asked for: what lies between a turn and its call makes the calls uneven, and Stripe counts them by the second. */
const leadMs = 300;

/** How long before its call it is looked whether refunds were stopped meanwhile. */
const lookMs = 30;

/** A refund that Stripe refused for the rate of requests, and when it may be tried again, in milliseconds. */
interface Retry {
  readonly refundId: string;
  readonly dueAt: number;
}

export interface BulkRun {
  readonly bulkRefundId: string;
  /** How long it may take; what is under way then is finished. */
  readonly forMs: number;
  readonly correlationId: string;
  /** Refunds under way at a time. */
  readonly parallel?: number;
  /** Waits; a test moves its clock instead. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** Those who work at one list in this process. */
export class Crew {
  /** No line is left to ask for here. */
  over = false;
  error: unknown = null;
  readonly #dependencies: Dependencies;
  readonly #run: BulkRun;
  readonly #account: { readonly appId: string; readonly accountId: string };
  readonly #endsAt: number;
  readonly #parallel: number;
  /** Calls that may be begun beside those under way and those that lines are being asked for. */
  #room: number;
  readonly #underWay = new Set<Promise<void>>();
  /** When each of those that were taken is due, in milliseconds. */
  #turns: number[] = [];
  #line: Promise<void> = Promise.resolve();
  #retries: Retry[] = [];

  constructor(dependencies: Dependencies, run: BulkRun, account: { appId: string; accountId: string }) {
    this.#dependencies = dependencies;
    this.#run = run;
    this.#account = account;
    this.#endsAt = this.#now() + run.forMs;
    this.#parallel = run.parallel ?? usualParallel;
    this.#room = this.#parallel;
  }

  /** Works until nothing is left or the time is over, and finishes what is under way then. */
  async work(): Promise<void> {
    const size = Math.ceil(this.#parallel / linesAtOnce);
    await Promise.all(Array.from({ length: size }, () => this.#workOn()));
    await Promise.all(this.#underWay);
    for (const { refundId } of this.#retries) await this.#queue(refundId);
  }

  async #workOn(): Promise<void> {
    try {
      while (!this.#isEnding()) await this.#takeTurns();
    } catch (error) {
      this.error ??= error;
    }
  }

  #isEnding(): boolean {
    if (this.error !== null || this.#now() >= this.#endsAt) return true;
    return this.over && this.#retries.length === 0 && this.#underWay.size === 0;
  }

  /** Uses the next turns: for what was refused for its rate, then for new lines. */
  async #takeTurns(): Promise<void> {
    if (this.over && (await this.#waitForRetries())) return;
    const count = await this.#reserve();
    let unused = count;
    try {
      const turns = await this.#nextTurns(count);
      unused -= this.#retry(turns);
      if (!this.over && turns.length > 0) unused -= await this.#askForLines(turns);
    } finally {
      this.#room += unused;
    }
  }

  /** @returns whether there are none yet */
  async #waitForRetries(): Promise<boolean> {
    const [first] = this.#retries;
    if (first !== undefined) await this.#until(first.dueAt);
    else await Promise.race(this.#underWay);
    return first === undefined;
  }

  /** Takes from the turns what it begins. @returns how many */
  #retry(turns: number[]): number {
    const isDue = ({ dueAt }: Retry) => dueAt <= (turns[0] ?? 0);
    const due = this.#retries.filter(isDue).slice(0, turns.length);
    this.#retries = this.#retries.filter((one) => !due.includes(one));
    const { correlationId } = this.#run;
    for (const { refundId } of due) {
      this.#begin(refundId, turns.shift() ?? 0, () =>
        executeRefund(this.#dependencies, { refundId, correlationId }),
      );
    }
    return due.length;
  }

  /** @returns how many calls it begins */
  async #askForLines(turns: readonly number[]): Promise<number> {
    const { bulkRefundId, correlationId } = this.#run;
    const lines = { bulkRefundId, correlationId, count: turns.length };
    const { attempts, over } = await requestNextLines(this.#dependencies, lines);
    if (over) this.over = true;
    for (const [index, attempt] of attempts.entries()) {
      this.#begin(attempt.refund.id, turns[index] ?? 0, () =>
        callStripe(this.#dependencies, attempt, { correlationId }),
      );
    }
    return attempts.length;
  }

  /** Lines are asked for while the calls of others are under way, of which there are never more than allowed. */
  async #reserve(): Promise<number> {
    while (this.#room === 0) await Promise.race(this.#underWay);
    const count = Math.min(linesAtOnce, this.#room);
    this.#room -= count;
    return count;
  }

  /**
   * When some calls are due, in milliseconds, once that is near. One of the crew waits at a time: turns that were taken
   * far ahead would go on at a pace that has proved too fast.
   */
  #nextTurns(count: number): Promise<number[]> {
    const turns = this.#line.then(async () => {
      if (this.#turns.length === 0) await this.#refill();
      const next = this.#turns.splice(0, count);
      await this.#until((next[0] ?? 0) - leadMs);
      return next;
    });
    this.#line = turns.then(
      () => {},
      () => {},
    );
    return turns;
  }

  async #refill(): Promise<void> {
    const { waitMs, everyMs, count } = await takePace(this.#dependencies, this.#account.accountId);
    const first = this.#now() + waitMs;
    this.#turns = Array.from({ length: count }, (_, index) => first + index * everyMs);
  }

  #begin(refundId: string, turn: number, send: () => Promise<ExecutionAnswer>): void {
    const call = this.#call(refundId, turn, send)
      .catch((error: unknown) => {
        this.error ??= error;
      })
      .finally(() => {
        this.#underWay.delete(call);
        this.#room += 1;
      });
    this.#underWay.add(call);
  }

  async #call(refundId: string, turn: number, send: () => Promise<ExecutionAnswer>): Promise<void> {
    await this.#until(turn - lookMs);
    const { database } = this.#dependencies;
    // Not sent, as if this process had died here: the sweep judges it once its lease is over, and finds refunds stopped.
    if ((await readApp(database, this.#account.appId)).refundsStoppedAt !== null) return;
    await this.#until(turn);
    if ((await send()) !== "again") return;
    const dueAt = await this.#whenThrottled(refundId);
    if (dueAt === null) return this.#queue(refundId);
    await notePace(this.#dependencies, this.#account.accountId);
    // At the list's own pace: beside it, what was refused would be refused again.
    this.#retries.push({ refundId, dueAt });
  }

  /** @returns when to try again, in milliseconds; null when the last answer was no limit of Stripe's */
  async #whenThrottled(refundId: string): Promise<number | null> {
    const [last] = await this.#dependencies.database
      .select({
        httpStatus: refundAttempts.httpStatus,
        errorCode: refundAttempts.errorCode,
        nextAttemptAt: refunds.nextAttemptAt,
      })
      .from(refundAttempts)
      .innerJoin(refunds, eq(refunds.id, refundAttempts.refundId))
      .where(eq(refundAttempts.refundId, refundId))
      .orderBy(desc(refundAttempts.number))
      .limit(1);
    // Another request that holds the same charge is no limit (Stripe: rate limits, object locks).
    const isLimit = last?.httpStatus === 429 && last.errorCode !== "lock_timeout";
    return isLimit && last.nextAttemptAt !== null ? last.nextAttemptAt.getTime() : null;
  }

  async #queue(refundId: string): Promise<void> {
    await this.#dependencies.database.transaction((transaction) =>
      queueNextExecution(this.#dependencies, transaction, refundId),
    );
    this.#dependencies.wakeOutbox();
  }

  async #until(moment: number): Promise<void> {
    const waitMs = Math.ceil(moment - this.#now());
    if (waitMs > 0) await (this.#run.pause ?? delay)(waitMs);
  }

  #now(): number {
    return this.#dependencies.clock.now().getTime();
  }
}
