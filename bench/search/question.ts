import type { Database } from "@redress/database";
import type { Sample } from "./samples.ts";

/** What a question is asked of. */
export interface Asked {
  readonly database: Database;
  /** Of each list the cursor of its middle. */
  readonly middle: Middle;
}

/** Cursors in the middle of what there is. */
export interface Middle {
  readonly purchases: string;
  readonly refunds: string;
  readonly deliveries: string;
  readonly events: string;
  readonly audit: string;
}

/** A search or list as the console asks for it. @returns how much it found */
export interface Question {
  readonly name: string;
  readonly ask: (asked: Asked, sample: Sample) => Promise<number>;
}

/** A small app's reader sees a few of them. */
export const smallApps = ["app_5", "app_6", "app_7"];
