import { UsageError } from "@redress/cli/usage-error";
import type { SimulationDatabase } from "../database.ts";
import type { Call, Kill, Side } from "./kill-switch.ts";
import { type PointResult, runPoint } from "./run-point.ts";
import { idOf, type Scenario } from "./scenario.ts";

/** One run with a death: where, and what came of it. */
export interface Death {
  readonly scenario: Scenario;
  readonly kill: Kill;
  /** The second death, in the recovery from the first. */
  readonly second: Kill | null;
  readonly call: Call;
  readonly result: PointResult;
}

export interface ScenarioReport {
  readonly scenario: Scenario;
  /** Numbered in the run that nobody disturbed. */
  readonly calls: readonly Call[];
  /** What that run came to. */
  readonly undisturbed: PointResult;
  readonly deaths: Death[];
}

export interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly databases: readonly SimulationDatabase[];
  /** Only this call of each path. */
  readonly point?: number | undefined;
  /** Only about this many deaths, evenly spread; all unless told. */
  readonly sample?: number;
  /** About this many deaths have a second one in their recovery. */
  readonly pairs: number;
  /** Decides which. */
  readonly seed: number;
  /** Called once every scenario was told undisturbed and before the first death. */
  readonly onCounted?: () => Promise<void>;
  readonly onDeath?: (death: Death) => void;
}

const sides: readonly Side[] = ["before", "after"];

/**
 * Runs every scenario undisturbed, then once for each side of each of its calls.
 *
 * @throws UsageError when no scenario has the point that was asked for
 */
export async function runAll(plan: Plan): Promise<ScenarioReport[]> {
  const reports = new Map<Scenario, ScenarioReport>();
  await share(plan.databases, plan.scenarios, async (database, scenario) => {
    const undisturbed = await runPoint({ scenario, database });
    reports.set(scenario, { scenario, calls: undisturbed.calls, undisturbed, deaths: [] });
  });
  const inOrder = plan.scenarios.flatMap((scenario) => reports.get(scenario) ?? []);
  checkPoint(plan.point, inOrder);
  await plan.onCounted?.();
  const kills = chooseKills(plan, inOrder);
  const every = plan.pairs === 0 ? Number.POSITIVE_INFINITY : Math.max(1, kills.length / plan.pairs);
  await share(plan.databases, [...kills.entries()], async (database, [number, { report, kill }]) => {
    const { scenario } = report;
    const keep = (second: Kill | null, result: PointResult) => {
      const call = report.calls[kill.call - 1];
      if (call === undefined) throw new Error(`${idOf(scenario)} has no call ${kill.call}`);
      const death = { scenario, kill, second, call, result };
      report.deaths.push(death);
      plan.onDeath?.(death);
    };
    const result = await runPoint({ scenario, database, kill });
    keep(null, result);
    const hasSecond = Math.floor((number + 1) / every) > Math.floor(number / every);
    const length = result.callsOfRecovery.length;
    if (!hasSecond || length === 0) return;
    const second: Kill = {
      call: 1 + ((plan.seed * 7_919 + number * 104_729) % length),
      side: sides[(plan.seed + number) % 2] ?? "before",
    };
    keep(second, await runPoint({ scenario, database, kill, second }));
  });
  return inOrder;
}

/** How many calls there are is known only once they were counted. */
function checkPoint(point: number | undefined, reports: readonly ScenarioReport[]): void {
  const most = Math.max(0, ...reports.map(({ calls }) => calls.length));
  const [first] = reports;
  if (point === undefined || point <= most || first === undefined) return;
  const sentence =
    reports.length === 1
      ? `${idOf(first.scenario)} has no call ${point}: it has ${most}.`
      : `${first.scenario.path} has no call ${point}: its longest story has ${most}.`;
  throw new UsageError(`${sentence} Give --point from 1 to ${most}.`);
}

function chooseKills(
  plan: Plan,
  reports: readonly ScenarioReport[],
): { report: ScenarioReport; kill: Kill }[] {
  const all = reports.flatMap((report) =>
    report.calls.flatMap((_call, index) => {
      if (plan.point !== undefined && plan.point !== index + 1) return [];
      return sides.map((side) => ({ report, kill: { call: index + 1, side } }));
    }),
  );
  const { sample = all.length } = plan;
  // An odd stride over both sides of each call visits both sides alike.
  const stride = Math.max(1, Math.ceil(all.length / Math.max(1, sample)) | 1);
  return sample >= all.length ? all : all.filter((_, index) => index % stride === plan.seed % stride);
}

/** Each database takes the next piece of work when it has done one. */
async function share<Work>(
  databases: readonly SimulationDatabase[],
  works: readonly Work[],
  run: (database: SimulationDatabase, work: Work) => Promise<void>,
): Promise<void> {
  const left = works.values();
  await Promise.all(
    databases.map(async (database) => {
      for (const work of left) await run(database, work);
    }),
  );
}
