import type { Dependencies } from "@redress/core/dependencies";
import type { Terminal } from "./terminal.ts";

/** What a command runs with. */
export interface Desk {
  readonly dependencies: Dependencies;
  readonly terminal: Terminal;
  /** Aborted when the person wants to stop: what is under way is finished first. */
  readonly stopping: AbortSignal;
}

/** A command whose words were read: runs on the desk, and answers the exit code. */
export type Command = (desk: Desk) => Promise<number>;
