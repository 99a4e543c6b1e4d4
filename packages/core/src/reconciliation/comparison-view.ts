import type { DriftRow } from "./record-drift.ts";
import type { RunRow } from "./run.ts";

/** One run, as far as it has come. */
export interface RunView
  extends Pick<
    RunRow,
    | "id"
    | "kind"
    | "status"
    | "phase"
    | "since"
    | "until"
    | "refundsListed"
    | "refundsAsked"
    | "eventsListed"
    | "eventsPulled"
    | "sentAgain"
    | "lastError"
    | "startedAt"
    | "finishedAt"
  > {
  /** From 0 to 1. */
  readonly progress: number;
  readonly driftCount: number;
  /** While it waits because Stripe did not answer: when it goes on. */
  readonly waitsUntil: Date | null;
}

/** How the books of one app stand. */
export interface ComparisonView {
  readonly app: { readonly id: string; readonly slug: string; readonly name: string };
  /** Null while the app is not connected: there is nothing to compare with. */
  readonly stripeAccountId: string | null;
  readonly running: RunView | null;
  /** The newest that has ended. */
  readonly last: RunView | null;
  /** When the desk starts the next one by itself; null while one of its own is running, or it cannot. */
  readonly nextDueAt: Date | null;
}

/** One difference that was found. */
export interface DriftView extends Omit<DriftRow, "appId"> {
  readonly app: { readonly slug: string; readonly name: string };
  /** What differed, and which side was right and what was done: the same sentences everywhere. */
  readonly difference: string;
  readonly repair: string;
}
