import { setTimeout as delay } from "node:timers/promises";
import { bulkRefunds, refundAttempts, refunds } from "@redress/database";
import { desc, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { Attempt } from "../refunds/begin-attempt.ts";
import { callStripe } from "../refunds/execute-refund.ts";
import { queueNextExecution } from "../refunds/queue-next-execution.ts";
import { readApp } from "../refunds/refund-row.ts";
import { notePace, takePace } from "../stripe/refund-pace.ts";
import { requestNextLines } from "./request-item.ts";

/** Refunds under way at a time: at Stripe's hundred a second, with answers that take a third of one. */
const usualParallel = 32;
/** Lines that are asked for in one transaction. */
const linesAtOnce = 8;
/** How long before its turn a line is asked for: what lies between a turn and its call makes the calls uneven, and Stripe counts them by the second. */
const leadMs = 400;

export interface BulkRun {
  readonly bulkRefundId: string;
  /** How long it may take; what is under way then is finished. */
  readonly forMs: number;
  readonly correlationId: string;
  readonly parallel?: number;
  /** Waits; a test moves its clock instead. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/**
 * Works at an approved list for a while, at the pace that Stripe allows the account and that all processes of this
 * desk keep together. Any number of processes may work at one list. When one is killed, its lines either have a
 * refund, which the sweep goes on with, or are taken by whoever runs the list next.
 *
 * @returns `over`: nothing is left to do here
 */
export async function runBulk(dependencies: Dependencies, run: BulkRun): Promise<{ over: boolean }> {
  const [list] = await dependencies.database
    .select({ appId: bulkRefunds.appId, status: bulkRefunds.status })
    .from(bulkRefunds)
    .where(eq(bulkRefunds.id, run.bulkRefundId));
  if (list?.status !== "running") return { over: true };
  const { stripeAccountId } = await readApp(dependencies.database, list.appId);
  const worked = { workedAt: dependencies.clock.now() };
  await dependencies.database.update(bulkRefunds).set(worked).where(eq(bulkRefunds.id, run.bulkRefundId));
  const crew = new Crew(dependencies, run, stripeAccountId ?? "none");
  await crew.run();
  if (crew.error !== null) throw crew.error;
  return { over: crew.over };
}

/** Those who work at one list in this process. */
class Crew {
  over = false;
  error: unknown = null;
  readonly #dependencies: Dependencies;
  readonly #run: BulkRun;
  readonly #accountId: string;
  readonly #endsAt: number;
  readonly #parallel: number;
  /** Calls that may be begun beside those under way and those that lines are being asked for. */
  #room: number;
  readonly #underWay = new Set<Promise<void>>();
  /** When each of those that were taken is due, in milliseconds. */
  #turns: number[] = [];
  #taking: Promise<void> | null = null;

  constructor(dependencies: Dependencies, run: BulkRun, accountId: string) {
    this.#dependencies = dependencies;
    this.#run = run;
    this.#accountId = accountId;
    this.#endsAt = dependencies.clock.now().getTime() + run.forMs;
    this.#parallel = run.parallel ?? usualParallel;
    this.#room = this.#parallel;
  }

  async run(): Promise<void> {
    const size = Math.ceil(this.#parallel / linesAtOnce);
    await Promise.all(Array.from({ length: size }, () => this.#work()));
    await Promise.all(this.#underWay);
  }

  async #work(): Promise<void> {
    try {
      while (!this.#isEnding()) await this.#takeLines();
    } catch (error) {
      this.error ??= error;
    }
  }

  #isEnding(): boolean {
    return this.over || this.error !== null || this.#dependencies.clock.now().getTime() >= this.#endsAt;
  }

  /** When some calls are due, in milliseconds; turns are taken several at a time, by whoever finds none left. */
  async #nextTurns(count: number): Promise<number[]> {
    while (this.#turns.length === 0) {
      this.#taking ??= this.#takeTurns().finally(() => {
        this.#taking = null;
      });
      await this.#taking;
    }
    return this.#turns.splice(0, count);
  }

  async #takeTurns(): Promise<void> {
    const { waitMs, everyMs, count } = await takePace(this.#dependencies, this.#accountId);
    const first = this.#dependencies.clock.now().getTime() + waitMs;
    this.#turns = Array.from({ length: count }, (_, index) => first + index * everyMs);
  }

  async #takeLines(): Promise<void> {
    const { bulkRefundId, correlationId } = this.#run;
    const count = await this.#reserve();
    let unused = count;
    try {
      const turns = await this.#nextTurns(count);
      const [first = 0] = turns;
      await this.#until(first - leadMs);
      const lines = { bulkRefundId, correlationId, count: turns.length };
      const { attempts, over } = await requestNextLines(this.#dependencies, lines);
      if (over) this.over = true;
      unused -= attempts.length;
      for (const [index, attempt] of attempts.entries()) this.#begin(attempt, turns[index] ?? first);
    } finally {
      this.#room += unused;
    }
  }

  /** Lines are asked for while the calls of others are under way, of which there are never more than allowed. */
  async #reserve(): Promise<number> {
    while (this.#room === 0) await Promise.race(this.#underWay);
    const count = Math.min(linesAtOnce, this.#room);
    this.#room -= count;
    return count;
  }

  #begin(attempt: Attempt, turn: number): void {
    const call = this.#call(attempt, turn)
      .catch((error: unknown) => {
        this.error ??= error;
      })
      .finally(() => {
        this.#underWay.delete(call);
        this.#room += 1;
      });
    this.#underWay.add(call);
  }

  async #until(moment: number): Promise<void> {
    const waitMs = Math.ceil(moment - this.#dependencies.clock.now().getTime());
    if (waitMs > 0) await (this.#run.pause ?? delay)(waitMs);
  }

  async #call(attempt: Attempt, turn: number): Promise<void> {
    await this.#until(turn);
    const { correlationId } = this.#run;
    const refundId = attempt.refund.id;
    // Not sent, as if this process had died here: the sweep judges it once its lease is over, and finds refunds stopped.
    if ((await readApp(this.#dependencies.database, attempt.refund.appId)).refundsStoppedAt !== null) return;
    const answer = await callStripe(this.#dependencies, attempt, { correlationId });
    if (answer !== "again") return;
    await this.#dependencies.database.transaction((transaction) =>
      queueNextExecution(this.#dependencies, transaction, refundId),
    );
    this.#dependencies.wakeOutbox();
    if (await this.#wasThrottled(refundId)) await notePace(this.#dependencies, this.#accountId);
  }

  async #wasThrottled(refundId: string): Promise<boolean> {
    const [last] = await this.#dependencies.database
      .select({ httpStatus: refundAttempts.httpStatus, errorCode: refundAttempts.errorCode })
      .from(refundAttempts)
      .innerJoin(refunds, eq(refunds.id, refundAttempts.refundId))
      .where(eq(refundAttempts.refundId, refundId))
      .orderBy(desc(refundAttempts.number))
      .limit(1);
    // Another request that holds the same charge is no limit (Stripe: rate limits, object locks).
    return last?.httpStatus === 429 && last.errorCode !== "lock_timeout";
  }
}
