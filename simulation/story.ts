import type { SimulationDatabase } from "./database.ts";
import { type FaultKind, faultKinds } from "./faults.ts";
import { type RunResult, runSeed } from "./run.ts";

/** How long a failing run may be made smaller, in real milliseconds. */
const patienceMs = 60_000;

export interface SmallestRun {
  readonly result: RunResult;
  readonly withoutFaults: ReadonlySet<FaultKind>;
  readonly withoutActions: ReadonlySet<number>;
}

/** Leaves out whole kinds of faults, then actions one by one, as long as the same promise is still broken. */
export async function shrink(database: SimulationDatabase, failed: RunResult): Promise<SmallestRun> {
  const broken = new Set(failed.violations.map(({ invariant }) => invariant));
  const withoutFaults = new Set<FaultKind>();
  const withoutActions = new Set<number>();
  let result = failed;
  const started = Date.now();
  const tryWithout = async <Part>(omitted: Set<Part>, part: Part) => {
    if (Date.now() - started > patienceMs) return;
    omitted.add(part);
    const smaller = await runSeed({ seed: failed.seed, database, withoutFaults, withoutActions });
    if (smaller.violations.some(({ invariant }) => broken.has(invariant))) result = smaller;
    else omitted.delete(part);
  };
  for (const kind of faultKinds) {
    if ((result.faults.get(kind) ?? 0) > 0) await tryWithout(withoutFaults, kind);
  }
  for (const number of failed.actions.toReversed()) await tryWithout(withoutActions, number);
  return { result, withoutFaults, withoutActions };
}

const plumbing =
  /\] (?:begins$|begin$|commit$|select|insert|update|delete|with$|connects$|looks$|set$|the engine keeps)/;
const notable = /fault:|dies|!!|waits for a lock/;

/** What a reader wants to see of a run: not every statement. */
export function isTelling(line: string): boolean {
  return notable.test(line) || !plumbing.test(line);
}
