import { openDatabase, startServer } from "./database.ts";
import type { FaultKind } from "./faults.ts";
import { type RunResult, runSeed } from "./run.ts";
import { isTelling, shrink } from "./story.ts";

/** What became of one seed. */
export interface LaneResult {
  readonly seed: number;
  readonly steps: number;
  readonly fingerprint: string;
  readonly faults: readonly (readonly [FaultKind, number])[];
  /** What is wrong, told for a reader; null when nothing is. */
  readonly failure: string | null;
}

export interface LaneTask {
  readonly seed: number;
  /** Whether a failing run is made smaller, which takes a minute. */
  readonly mayShrink: boolean;
  readonly tell?: (line: string) => void;
}

export interface Lane {
  run(task: LaneTask): Promise<LaneResult>;
  close(): Promise<void>;
}

/**
 * Opens a PostgreSQL server for runs, one after the other: what happens beside a run on the same server
 * decides when the room of old rows is used again, and so the order of lists that have none.
 */
export async function openLane(): Promise<Lane> {
  const server = await startServer();
  const database = await openDatabase(server, "simulation");

  const shortestStory = async (failed: RunResult): Promise<string> => {
    const { seed } = failed;
    const { withoutActions, withoutFaults, result } = await shrink(database, failed);
    const lines: string[] = [];
    const tell = (line: string) => void (isTelling(line) && lines.push(`  ${line}`));
    await runSeed({ seed, database, withoutActions, withoutFaults, tell });
    const faults = [...result.faults].map(([kind, count]) => `${kind} ${count}`).join(", ");
    return [
      `The shortest story found for seed ${seed} (actions ${result.actions.join(", ")}; faults ${faults || "none"}):`,
      ...lines,
      ...sentences(result),
    ].join("\n");
  };
  return {
    async run({ seed, mayShrink, tell }) {
      const result = await runSeed({ seed, database, ...(tell ? { tell } : {}) });
      const { steps, fingerprint, faults, violations } = result;
      let failure: string | null = null;
      if (violations.length > 0) {
        failure = [
          `Seed ${seed} fails (trace ${fingerprint}):`,
          ...sentences(result),
          `  Replay: npm run simulate -- --seed ${seed} --explain`,
          ...(mayShrink ? [await shortestStory(result)] : []),
        ].join("\n");
      }
      return { seed, steps, fingerprint, faults: [...faults], failure };
    },
    async close() {
      await database.close().catch(() => undefined);
      await server.stop();
    },
  };
}

function sentences({ violations }: RunResult): string[] {
  return violations.map(({ invariant, sentence }) => `  invariant ${invariant}: ${sentence}`);
}
