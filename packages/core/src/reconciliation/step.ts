import type { Advance } from "./run.ts";

/** What one step of a run came to. */
export interface StepResult extends Advance {
  /** Requests to Stripe; 1 unless told. */
  readonly requests?: number;
}
