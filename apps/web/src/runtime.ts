import type { Runtime } from "@redress/core/runtime";
import type { ChangeWatch } from "./live/watch-changes.ts";

/** What the pages and routes need of the running desk. */
export interface WebRuntime
  extends Pick<Runtime, "dependencies" | "ingest" | "serveEngine" | "examine" | "measured" | "readSchema"> {
  /** Signs sessions. */
  readonly secret: string;
  /** What Prometheus shows; null: there are no metrics. */
  readonly metricsToken: string | null;
  /** What browsers listen to. */
  readonly changes: ChangeWatch;
  /** What signed them before; their cookies are renewed (see `renewCookies`). */
  readonly previousSecrets: readonly string[];
}

/**
 * The runtime is started by our server, in front of Next, and reached from Next's bundles through the
 * one thing that both share: the global object.
 */
const slot = Symbol.for("redress.runtime");
const shared: typeof globalThis & { [slot]?: WebRuntime } = globalThis;

/** Shares a started runtime with Next's route handlers and pages; null takes it away. */
export function setRuntime(runtime: WebRuntime | null): void {
  if (runtime === null) delete shared[slot];
  else shared[slot] = runtime;
}

/** @throws Error when this process did not start the desk (`next build`, or `next start` alone) */
export function getRuntime(): WebRuntime {
  const runtime = shared[slot];
  if (!runtime) throw new Error("The desk is not running in this process: start it with `npm start`.");
  return runtime;
}
