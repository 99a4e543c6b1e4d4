import type { SimulationServer } from "../../database.ts";
import { countEndings, formatTable, type Row, sum } from "../table.ts";
import { killAll } from "./desk-process.ts";
import { type RealPath, realPaths } from "./real-path.ts";
import { numberCalls, type RealDeath, runRealPoint } from "./run-real.ts";
import { openGround } from "./site.ts";

export interface RealPlan {
  /** About this many deaths over all paths; every one unless told. */
  readonly sample?: number;
  /** Decides which. */
  readonly seed: number;
  /** Over every lease, to be quick; 0 measures how long a recovery really takes. */
  readonly clockOffsetMs: number;
  /** Runs at a time. They wait most of the time when the clock is not moved. */
  readonly lanes: number;
  /** PostgreSQL servers that run now. */
  readonly servers: Set<SimulationServer>;
  readonly say: (line: string) => void;
}

export interface RealSummary extends Record<string, unknown> {
  readonly points: number;
  readonly kills: number;
  readonly notReached: number;
  readonly violations: number;
  /** Of refunds lost in the middle; null where the clock was moved. */
  readonly recoveryMs: { readonly median: number; readonly max: number; readonly refunds: number } | null;
}

interface Job {
  readonly path: RealPath;
  readonly kill: string;
}

/** Kills real processes, prints the table, and sums it up. */
export async function runReal(plan: RealPlan): Promise<RealSummary> {
  const ground = await openGround(plan.servers);
  try {
    const options = { ground, clockOffsetMs: plan.clockOffsetMs };
    const points = new Map<RealPath, string[]>();
    for (const path of realPaths) points.set(path, await numberCalls(path, options));
    const jobs = choose(points, plan);
    const deaths: RealDeath[] = [];
    const left = jobs.values();
    await Promise.all(
      Array.from({ length: plan.lanes }, async () => {
        for (const { path, kill } of left) {
          const death = await runRealPoint(path, kill, options);
          deaths.push(death);
          for (const line of complaintsOf(death)) plan.say(line);
        }
      }),
    );
    const rows = realPaths.map((path) => rowOf(path, points.get(path) ?? [], deaths));
    plan.say(formatTable(rows));
    return summarize(plan, rows, deaths);
  } finally {
    await killAll();
    await ground.close();
  }
}

function choose(points: ReadonlyMap<RealPath, readonly string[]>, { sample, seed }: RealPlan): Job[] {
  const all = [...points].flatMap(([path, calls]) =>
    calls.flatMap((call) => ["before", "after"].map((side) => ({ path, kill: `${side} ${call}` }))),
  );
  if (sample === undefined || sample >= all.length) return all;
  // An odd stride over both sides of each call visits both sides alike.
  const stride = Math.ceil(all.length / sample) | 1;
  return all.filter((_, index) => index % stride === seed % stride);
}

function rowOf({ name }: RealPath, calls: readonly string[], deaths: readonly RealDeath[]): Row {
  const own = deaths.filter(({ path }) => path === name);
  return {
    path: `${name} (real processes)`,
    points: calls.length,
    kills: own.length,
    endings: countEndings(own.map(({ ending }) => ending)),
  };
}

function complaintsOf({ path, kill, violations }: RealDeath): string[] {
  if (violations.length === 0) return [];
  return [`${path}, a real process killed ${kill}`, ...violations.map((sentence) => `  ${sentence}`)];
}

function summarize(plan: RealPlan, rows: readonly Row[], deaths: readonly RealDeath[]): RealSummary {
  const { points, kills, endings } = sum(rows);
  return {
    points,
    kills,
    notReached: deaths.filter(({ reached }) => !reached).length,
    asIfNothing: endings["as if nothing had happened"],
    repaired: endings.repaired,
    askedAgain: endings["asked again"],
    violations: endings.violated,
    recoveryMs: plan.clockOffsetMs === 0 ? measure(deaths) : null,
  };
}

function measure(deaths: readonly RealDeath[]): RealSummary["recoveryMs"] {
  const times = deaths.flatMap(({ recoveryMs }) => recoveryMs ?? []).toSorted((one, other) => one - other);
  const median = times[Math.floor(times.length / 2)];
  const max = times.at(-1);
  return median === undefined || max === undefined ? null : { median, max, refunds: times.length };
}
