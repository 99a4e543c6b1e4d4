import { randomBytes } from "node:crypto";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { EmbeddedPostgres } from "@redress/database/embedded";
import { openDatabase, type SimulationDatabase, startServer } from "./database.ts";
import { type FaultKind, faultKinds } from "./faults.ts";
import { readOptions, type SimulationOptions, UsageError } from "./options.ts";
import { type RunResult, runSeed } from "./run.ts";
import { isTelling, shrink } from "./story.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Failing runs beyond these are named, and not made smaller. */
const mostShrunk = 3;

/** Those that run now: whoever interrupts us leaves none behind. */
const servers = new Set<EmbeddedPostgres>();

let isInterrupted = false;

interface Totals {
  runs: number;
  failed: number[];
  steps: number;
  readonly faults: Map<FaultKind, number>;
}

async function main(options: SimulationOptions): Promise<number> {
  const totals: Totals = {
    runs: 0,
    failed: [],
    steps: 0,
    faults: new Map(faultKinds.map((kind) => [kind, 0])),
  };
  const started = Date.now();
  let next = options.firstSeed;
  const take = () => (next < options.firstSeed + options.seeds ? next++ : null);
  // One waits for its database most of the time: one lane more than there are processors.
  const lanes = Math.min(options.seeds, options.explain ? 1 : availableParallelism() + 1);
  await Promise.all(Array.from({ length: lanes }, () => runLane(options, take, totals)));
  const seconds = (Date.now() - started) / 1000;
  if (totals.failed.length > 0) say(`Failing seeds: ${totals.failed.toSorted((a, b) => a - b).join(", ")}`);
  say(
    JSON.stringify({
      runs: totals.runs,
      violations: totals.failed.length,
      runsPerSecond: Number((totals.runs / seconds).toFixed(2)),
      stepsPerRun: Math.round(totals.steps / totals.runs),
      faultsByKind: Object.fromEntries(totals.faults),
    }),
  );
  return totals.failed.length === 0 ? 0 : 1;
}

/**
 * Runs one seed after the other on a PostgreSQL server of its own: what happens beside it on the same server
 * decides when the room of old rows is used again, and so the order of lists that have none.
 */
async function runLane(
  { explain }: SimulationOptions,
  take: () => number | null,
  totals: Totals,
): Promise<void> {
  const dataDirectory = join(tmpdir(), `redress-simulation-${randomBytes(6).toString("hex")}`);
  const server = await startServer(dataDirectory);
  servers.add(server);
  try {
    const database = await openDatabase(server, "simulation");
    const tell = explain ? { tell: (line: string) => void (isTelling(line) && say(line)) } : {};
    for (let seed = take(); seed !== null; seed = take()) {
      const result = await runSeed({ seed, database, ...tell });
      totals.runs += 1;
      totals.steps += result.steps;
      for (const [kind, count] of result.faults) {
        totals.faults.set(kind, (totals.faults.get(kind) ?? 0) + count);
      }
      if (result.violations.length > 0) await report(database, result, totals, explain);
      else if (explain) say(`Seed ${seed}: nothing is violated (trace ${result.fingerprint}).`);
    }
    await database.close();
  } finally {
    servers.delete(server);
    await server.stop();
  }
}

async function report(
  database: SimulationDatabase,
  result: RunResult,
  totals: Totals,
  explain: boolean,
): Promise<void> {
  totals.failed.push(result.seed);
  const sentences = ({ violations }: RunResult) =>
    violations.map(({ invariant, sentence }) => `  invariant ${invariant}: ${sentence}`).join("\n");
  say(`Seed ${result.seed} fails (trace ${result.fingerprint}):\n${sentences(result)}`);
  say(`  Replay: npm run simulate -- --seed ${result.seed} --explain`);
  if (explain || totals.failed.length > mostShrunk) return;
  const { seed } = result;
  const { withoutActions, withoutFaults, result: smallest } = await shrink(database, result);
  const lines: string[] = [];
  await runSeed({
    seed,
    database,
    withoutActions,
    withoutFaults,
    tell: (line) => void (isTelling(line) && lines.push(line)),
  });
  const faults = [...smallest.faults].map(([kind, count]) => `${kind} ${count}`).join(", ");
  say(
    `The shortest story found for seed ${seed} (actions ${smallest.actions.join(", ")}; faults ${faults || "none"}):`,
  );
  say(lines.map((line) => `  ${line}`).join("\n"));
  say(sentences(smallest));
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    isInterrupted = true;
    void Promise.allSettled([...servers].map((server) => server.stop())).then(() => process.exit(130));
  });
}
try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (error) {
  // Runs lose their database when we are interrupted; the exit comes once the servers have stopped.
  if (isInterrupted) await new Promise(() => {});
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
// Processes that were killed in a story left timers behind.
process.exit();
