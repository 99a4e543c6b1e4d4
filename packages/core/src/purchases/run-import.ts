import { setTimeout as delay } from "node:timers/promises";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { isStripeError } from "../stripe/classify-error.ts";
import { sharePerSecond, takeShare } from "../stripe/request-share.ts";
import { WindowHold } from "./hold-window.ts";
import { judgeImportFailure } from "./import-failure.ts";
import { importPage } from "./import-page.ts";
import { type ClaimedWindow, claimWindow } from "./import-windows.ts";

/** A page takes Stripe about a second, and us a little more: with fewer under way part of the share would be unused. */
const pageSeconds = 1.2;
/** After this many tries in vain, one after the other, Stripe is out of reach for now. */
const mostFailures = 5;
const firstPauseMs = 1_000;
/** Until somebody else's stretch ends, or is cut. */
const idleMs = 500;
/** Until a turn comes: short beside a lease. */
const longestWaitMs = 5_000;

export interface ImportRun {
  readonly importId: string;
  /** How long it may take; what is under way then is finished. */
  readonly forMs: number;
  /** Charges of a page, at most 100. */
  readonly limit?: number;
  readonly parallel?: number;
  /** Waits; a test moves its clock instead. */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** Aborted when it is to end early: pages under way are finished first. */
  readonly stopping?: AbortSignal;
  readonly onPage?: () => void;
}

/**
 * Works at an import for a while, several pages at a time, at the pace that all processes of this desk have in common.
 * Any number of processes may work at one import. Nothing is lost or done twice when one is killed: its stretches are
 * taken over when their leases end.
 *
 * @returns `over`: nothing is left to do, be it that all is in, that Stripe refused or that the app was disconnected
 * @throws RedressError `stripe_unavailable`: to be repeated
 */
export async function runImport(
  dependencies: Dependencies,
  run: ImportRun,
): Promise<{ over: boolean; imported: number }> {
  const parallel = run.parallel ?? Math.ceil(sharePerSecond(dependencies.settings) * pageSeconds);
  const crew = new Crew(dependencies, run, parallel);
  await Promise.all(Array.from({ length: parallel }, () => crew.work()));
  if (crew.error !== null) throw crew.error;
  return { over: crew.over, imported: crew.imported };
}

/** Those who work at one import in this process. */
class Crew {
  over = false;
  imported = 0;
  error: unknown = null;
  #failures = 0;
  #asked: Promise<unknown> = Promise.resolve();
  readonly #dependencies: Dependencies;
  readonly #run: ImportRun;
  readonly #parallel: number;
  readonly #endsAt: number;

  constructor(dependencies: Dependencies, run: ImportRun, parallel: number) {
    this.#dependencies = dependencies;
    this.#run = run;
    this.#parallel = parallel;
    this.#endsAt = dependencies.clock.now().getTime() + run.forMs;
  }

  async work(): Promise<void> {
    try {
      while (!this.#isEnding()) {
        const window = await claimWindow(this.#dependencies, this.#run.importId);
        if (window === "over") this.over = true;
        else if (window === "busy") await this.#pause(idleMs);
        else await this.#takeTurn(new WindowHold(this.#dependencies, window));
      }
    } catch (error) {
      this.error ??= error;
    }
  }

  #isEnding(): boolean {
    if (this.over || this.error !== null || this.#run.stopping?.aborted) return true;
    return this.#dependencies.clock.now().getTime() >= this.#endsAt;
  }

  async #takeTurn(hold: WindowHold): Promise<void> {
    try {
      if (!(await this.#granted(hold))) return await hold.release();
      const { limit } = this.#run;
      const options = { parallel: this.#parallel, ...(limit !== undefined && { limit }) };
      const imported = await importPage(this.#dependencies, hold, options);
      this.imported += imported;
      this.#failures = 0;
      this.#run.onPage?.();
    } catch (error) {
      await hold.release();
      if (!isStripeError(error)) throw error;
      await this.#judge(hold.window, error);
    }
  }

  /** Waits for its turn among all who import; false when it is to end before. */
  #granted(hold: WindowHold): Promise<boolean> {
    // One of us asks at a time: all who wait would ask for the same next turn, and all but one in vain.
    const turn = this.#asked.then(() => this.#ask(hold));
    this.#asked = turn.catch(() => undefined);
    return turn;
  }

  async #ask(hold: WindowHold): Promise<boolean> {
    for (;;) {
      if (this.#isEnding() || !(await hold.keep())) return false;
      const waitMs = await takeShare(this.#dependencies, "import");
      if (waitMs === 0) return true;
      await this.#pause(Math.min(waitMs, longestWaitMs));
    }
  }

  async #judge(window: ClaimedWindow, error: unknown): Promise<void> {
    const verdict = await judgeImportFailure(this.#dependencies, window, error);
    if (verdict === "over") {
      this.over = true;
      return;
    }
    this.#failures += 1;
    if (this.#failures >= mostFailures) throw unavailable(error);
    await this.#pause(verdict.retryAfterMs ?? firstPauseMs * 2 ** (this.#failures - 1));
  }

  #pause(milliseconds: number): Promise<void> {
    const { pause, stopping } = this.#run;
    if (pause) return pause(milliseconds);
    return delay(milliseconds, undefined, stopping ? { signal: stopping } : {}).catch(() => undefined);
  }
}

function unavailable(cause: unknown): RedressError {
  return new RedressError(
    "stripe_unavailable",
    "Stripe did not answer while charges were imported. The import goes on by itself.",
    { cause },
  );
}
