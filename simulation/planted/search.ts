import { parseArgs } from "node:util";
import { openDatabase, startServer } from "../database.ts";
import type { Violation } from "../judge.ts";
import { runSeed } from "../run.ts";

/** What a search prints for each seed, as JSON. */
export interface SearchedSeed {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

/**
 * Runs seed by seed on one server, and says what each violates: run in a copy of the tree, it judges that
 * copy. Whoever started it ends it once they have seen enough.
 */
async function search(firstSeed: number, seeds: number): Promise<void> {
  const starting = startServer();
  // Also while it starts: it leaves nothing behind.
  const stop = async () => (await starting).stop();
  process.once("SIGTERM", () => void stop().finally(() => process.exit(0)));
  const server = await starting;
  // Whoever reads has seen enough, and the end is on its way.
  process.stdout.on("error", () => {});
  try {
    const database = await openDatabase(server, "simulation");
    for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
      const { violations } = await runSeed({ seed, database });
      const searched: SearchedSeed = { seed, violations };
      process.stdout.write(`${JSON.stringify(searched)}\n`);
    }
    await database.close();
  } finally {
    await server.stop();
  }
}

const { values } = parseArgs({ options: { seed: { type: "string" }, seeds: { type: "string" } } });
await search(Number(values.seed ?? 1), Number(values.seeds ?? 1_000));
// Processes that were killed in a story left timers behind.
process.exit();
