import { availableParallelism } from "node:os";
import { openDatabase, type SimulationDatabase, type SimulationServer, startServer } from "../database.ts";
import { isTelling } from "../story.ts";
import type { CrashOptions } from "./options.ts";
import { type Death, runAll, type ScenarioReport } from "./run-all.ts";
import { runPoint } from "./run-point.ts";
import { idOf } from "./scenario.ts";
import { countEndings, formatTable, type Row, sum } from "./table.ts";

export interface SimulatedResult {
  readonly summary: Record<string, unknown>;
  readonly violations: number;
}

/**
 * Kills a simulated process at every point, and prints the table.
 *
 * @throws UsageError when no story has the point that was asked for
 */
export async function runSimulated(
  options: CrashOptions,
  servers: Set<SimulationServer>,
  say: (line: string) => void,
): Promise<SimulatedResult> {
  const lanes = options.explain ? 1 : availableParallelism();
  const databases = await Promise.all(Array.from({ length: lanes }, () => openLane(servers)));
  const [first] = databases;
  const { scenarios, point, pairs, seed } = options;
  const reports = await runAll({
    scenarios,
    databases,
    point,
    pairs,
    seed,
    onCounted: async () => {
      if (options.explain && first !== undefined) await explain(options, first, say);
    },
    onDeath: (death) => {
      for (const line of complaintsOf(death)) say(line);
    },
  }).finally(() => Promise.all(databases.map((database) => database.close())));
  for (const { scenario, undisturbed } of reports) {
    for (const { sentence } of undisturbed.violations) say(`${idOf(scenario)}, undisturbed: ${sentence}`);
  }
  const rows = reports.map(rowOf);
  say(formatTable(rows));
  return summarize(reports, rows);
}

async function openLane(servers: Set<SimulationServer>): Promise<SimulationDatabase> {
  const server = await startServer();
  servers.add(server);
  return openDatabase(server, "simulation");
}

function rowOf({ scenario, calls, deaths }: ScenarioReport): Row {
  return {
    path: `${scenario.path}: ${scenario.name}`,
    points: calls.length,
    kills: deaths.length,
    endings: countEndings(deaths.map(({ result }) => result.ending)),
  };
}

function summarize(reports: readonly ScenarioReport[], rows: readonly Row[]): SimulatedResult {
  const { points, kills, endings } = sum(rows);
  const disturbed = reports.filter(({ undisturbed }) => undisturbed.violations.length > 0).length;
  const deaths = reports.flatMap((report) => report.deaths);
  const violations = endings.violated + disturbed;
  const summary = {
    paths: new Set(reports.map(({ scenario }) => scenario.path)).size,
    scenarios: reports.length,
    points,
    kills,
    secondKills: deaths.filter(({ second, result }) => second !== null && result.struck.length > 1).length,
    notReached: deaths.filter(({ result }) => result.struck.length === 0).length,
    asIfNothing: endings["as if nothing had happened"],
    repaired: endings.repaired,
    askedAgain: endings["asked again"],
    violations,
  };
  return { summary, violations };
}

/** What a reader must know of one death. */
function complaintsOf({ scenario, kill, second, call, result }: Death): string[] {
  const then = second === null ? "" : `, then ${second.side} call ${second.call} of the recovery`;
  const where = `${idOf(scenario)}, killed ${kill.side} call ${kill.call} (${call.task}: ${call.label})${then}`;
  if (result.struck.length === 0) return [`${where}: the run did not get there`];
  if (result.violations.length === 0) return [];
  return [
    where,
    ...result.violations.map(({ invariant, sentence }) => `  invariant ${invariant}: ${sentence}`),
    `  Look: npm run crashes -- --path "${idOf(scenario)}" --point ${kill.call} --explain`,
  ];
}

/** Tells what happens when the process dies before and after one call. */
async function explain(
  { scenarios, point }: CrashOptions,
  database: SimulationDatabase,
  say: (line: string) => void,
): Promise<void> {
  if (point === undefined) return;
  for (const scenario of scenarios) {
    for (const side of ["before", "after"] as const) {
      say(`${idOf(scenario)}: the process dies ${side} call ${point}.`);
      const tell = (line: string) => void (isTelling(line) && say(`  ${line}`));
      const result = await runPoint({ scenario, database, kill: { call: point, side }, tell });
      for (const { sentence } of result.violations) say(`  violated: ${sentence}`);
      say(result.struck.length === 0 ? "It has no such call." : `It ended: ${result.ending}.`);
    }
  }
}
