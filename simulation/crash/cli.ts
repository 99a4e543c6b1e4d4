import { asksForHelp } from "@redress/cli/read-arguments";
import { UsageError } from "@redress/cli/usage-error";
import type { SimulationServer } from "../database.ts";
import { type CrashOptions, crashHelp, readCrashOptions } from "./options.ts";
import { killAll } from "./real/desk-process.ts";
import { runReal } from "./real/real-table.ts";
import { runSimulated } from "./simulated.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Those that run now: whoever interrupts us leaves none behind. */
const servers = new Set<SimulationServer>();
let isInterrupted = false;

const stopServers = () => Promise.allSettled([...servers].map((server) => server.stop()));

async function main(argv: readonly string[]): Promise<number> {
  if (!asksForHelp(argv)) return killAtPoints(readCrashOptions(argv));
  process.stdout.write(crashHelp);
  return 0;
}

async function killAtPoints(options: CrashOptions): Promise<number> {
  const started = Date.now();
  const { seed } = options;
  const simulated = options.real ? null : await runSimulated(options, servers, say);
  const real = options.real ? await killAllReal(seed) : options.isPart ? null : await killSomeReal(seed);
  const seconds = Math.round((Date.now() - started) / 1000);
  say(JSON.stringify({ ...simulated?.summary, ...(real && { real }), seed, seconds }));
  return (simulated?.violations ?? 0) + (real?.violations ?? 0) === 0 ? 0 : 1;
}

/** Every point, on the clock of the wall: it shows how long a recovery takes, and takes as long. */
function killAllReal(seed: number) {
  say("Real processes, at every point, on the real clock.");
  return runReal({ seed, clockOffsetMs: 0, lanes: 8, servers, say });
}

function killSomeReal(seed: number) {
  say(`Real processes, a sample of the points (seed ${seed}); npm run crashes -- --real takes all.`);
  return runReal({ sample: 40, seed, clockOffsetMs: 65_000, lanes: 2, servers, say });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    isInterrupted = true;
    void killAll()
      .then(stopServers)
      .then(() => process.exit(130));
  });
}
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (isInterrupted) await new Promise(() => {});
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
await stopServers();
// Processes that were killed in a story left timers behind.
process.exit();
