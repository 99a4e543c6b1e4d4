import type { Call } from "./kill-switch.ts";
import type { Stage } from "./stage.ts";

export const paths = ["connect", "request", "approve", "execute", "settle", "notify", "reconcile"] as const;
export type Path = (typeof paths)[number];

/** What must be so at rest, wherever the process died. Each list is complete. */
export interface Expectation {
  /** Refunds that Stripe has: `10000 succeeded`. */
  readonly stripe: readonly string[];
  /** The desk's rows: `redress 10000 succeeded`. */
  readonly rows: readonly string[];
  /** Facts that the app was told, each under one message id: `refund.succeeded 10000`. */
  readonly told: readonly string[];
  readonly access: "open" | "revoked";
  /** What the person was told in the end. */
  readonly answer?: RegExp;
}

/** One short story of a path, in which nothing goes wrong but what it is about. */
export interface Scenario {
  readonly path: Path;
  /** Within its path. */
  readonly name: string;
  /** What came before; no call of it is a point. */
  prepare(stage: Stage): Promise<void>;
  /** The path itself, until everything is quiet. */
  act(stage: Stage): Promise<void>;
  /** Which calls of that time belong to the path. Asked once for each, in order. */
  readonly counts: () => (call: Call) => boolean;
  readonly expected: Expectation;
  /** How long the process stays down; 2 seconds unless told. */
  readonly restartAfterMs?: number;
  /** After which a person who got no answer tries again; 3 seconds from the restart unless told. */
  readonly patienceMs?: number;
}

export function idOf({ path, name }: Pick<Scenario, "path" | "name">): string {
  return `${path}/${name}`;
}
