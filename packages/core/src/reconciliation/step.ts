import type { Advance } from "./run.ts";

/** What one step of a run came to. */
export interface StepResult extends Advance {
  /** How far back the list has come. */
  readonly reachedAt?: Date;
  /** Requests to Stripe; 1 unless told. */
  readonly requests?: number;
}
