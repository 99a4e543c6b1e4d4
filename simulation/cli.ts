import { availableParallelism } from "node:os";
import { asksForHelp } from "@redress/cli/read-arguments";
import { UsageError } from "@redress/cli/usage-error";
import { type FaultKind, faultKinds, tellUnexercised } from "./faults.ts";
import { type LaneResult, type LaneTask, openLane } from "./lane.ts";
import { LaneError, runLanes } from "./lanes.ts";
import { readOptions, type SimulationOptions, simulationHelp } from "./options.ts";
import { isTelling } from "./story.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Failing runs beyond these are named, and not made smaller. */
const mostShrunk = 3;
const progressEveryMs = 10_000;

let isInterrupted = false;

/** Counts what became of the seeds, and tells of those that failed. */
class Tally {
  readonly #faults = new Map<FaultKind, number>(faultKinds.map((kind) => [kind, 0]));
  readonly #startedMs = Date.now();
  readonly #failed: number[] = [];
  readonly #wanted: number;
  #runs = 0;
  #steps = 0;
  #toldMs = Date.now();

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  get failures(): number {
    return this.#failed.length;
  }

  add({ seed, steps, faults, failure }: LaneResult): void {
    this.#runs += 1;
    this.#steps += steps;
    for (const [kind, count] of faults) this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + count);
    if (failure !== null) {
      this.#failed.push(seed);
      say(failure);
    }
    if (Date.now() - this.#toldMs > progressEveryMs) {
      this.#toldMs = Date.now();
      const progress = `${this.#runs} of ${this.#wanted} runs, ${this.failures} failed, ${this.#perSecond()} a second`;
      process.stderr.write(`${progress}\n`);
    }
  }

  end(): void {
    if (this.failures > 0) say(`Failing seeds: ${this.#failed.toSorted((a, b) => a - b).join(", ")}`);
    const unexercised = tellUnexercised(this.#faults);
    if (unexercised !== null) say(unexercised);
    say(
      JSON.stringify({
        runs: this.#runs,
        violations: this.failures,
        runsPerSecond: this.#perSecond(),
        stepsPerRun: Math.round(this.#steps / this.#runs),
        faultsByKind: Object.fromEntries(this.#faults),
      }),
    );
  }

  #perSecond(): number {
    return Number((this.#runs / ((Date.now() - this.#startedMs) / 1000)).toFixed(2));
  }
}

async function main(argv: readonly string[]): Promise<number> {
  if (!asksForHelp(argv)) return play(readOptions(argv));
  process.stdout.write(simulationHelp);
  return 0;
}

async function play({ seeds, firstSeed, explain }: SimulationOptions): Promise<number> {
  const tally = new Tally(seeds);
  let seed = firstSeed;
  const next = (): LaneTask | null => {
    if (isInterrupted || seed >= firstSeed + seeds) return null;
    return { seed: seed++, mayShrink: !explain && tally.failures < mostShrunk };
  };
  if (explain) await explainEach(next, tally);
  else {
    // Each waits for its database most of the time: more lanes than processors.
    const count = Math.min(seeds, availableParallelism() + 3);
    await runLanes({ count, next, onResult: (result) => tally.add(result) });
  }
  if (isInterrupted) return 130;
  tally.end();
  return tally.failures === 0 ? 0 : 1;
}

/** One after the other, in this process, with every step told. */
async function explainEach(next: () => LaneTask | null, tally: Tally): Promise<void> {
  const lane = await openLane();
  try {
    for (let task = next(); task !== null; task = next()) {
      const tell = (line: string) => void (isTelling(line) && say(line));
      const result = await lane.run({ ...task, tell });
      tally.add(result);
      if (result.failure === null) {
        say(`Seed ${task.seed}: nothing is violated (trace ${result.fingerprint}).`);
      }
    }
  } finally {
    await lane.close();
  }
}

// The lanes get the signal too, or see us go: each stops its server. In a run that is told, we finish it.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    isInterrupted = true;
  });
}
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else if (error instanceof LaneError && isInterrupted) process.exitCode = 130;
  else throw error;
}
// Processes that were killed in a story left timers behind.
process.exit();
