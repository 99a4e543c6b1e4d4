import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asksForHelp } from "@redress/cli/read-arguments";
import { startEmbeddedPostgres } from "@redress/database/embedded";
import { z } from "zod";

/**
 * `npm run mutation`: mutates the money path and ends with one line of figures. Further arguments go to
 * Stryker, such as `--mutate packages/core/src/policy/judge.ts` or `--force`. All of its workers share
 * one PostgreSQL server; a database that a killed worker leaves behind goes with the server.
 */
const reportFile = ".stryker/mutation.json";
const reportSchema = z.object({
  files: z.record(z.string(), z.object({ mutants: z.array(z.object({ status: z.string() })) })),
});

// Not through npx, which keeps an interruption to itself.
const stryker = "node_modules/@stryker-mutator/core/bin/stryker.js";

if (asksForHelp(process.argv)) {
  console.log(`Mutates the money path, runs its tests on each mutant and ends with one line of figures.
Use: npm run mutation -- [--mutate <file>] [--force]; any further option goes to Stryker, which takes:`);
  process.exit(spawnSync(process.execPath, [stryker, "run", "--help"], { stdio: "inherit" }).status ?? 1);
}

// By this name the next test run finds and ends a server whose owner was killed.
const dataDirectory = join(tmpdir(), `redress-test-${randomBytes(8).toString("hex")}`);
const server = await startEmbeddedPostgres({ dataDirectory, durable: false, persistent: false });
const started = Date.now();
let child: ReturnType<typeof spawn> | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child?.kill(signal));
try {
  await rm(reportFile, { force: true });
  process.exitCode = await mutate(server.connectionString("postgres"));
  await summarize();
} finally {
  await server.stop();
}

function mutate(connectionString: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const given = ["run", "scripts/mutation/stryker.config.mjs", ...process.argv.slice(2)];
    child = spawn(process.execPath, [stryker, ...given], {
      stdio: "inherit",
      env: { ...process.env, TEST_DATABASE_URL: connectionString },
    });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/** Without a report there is nothing to sum up: Stryker has said why, or was asked for its dry run only. */
async function summarize(): Promise<void> {
  if (!existsSync(reportFile)) return;
  const { files } = reportSchema.parse(JSON.parse(await readFile(reportFile, "utf8")));
  const count: Record<string, number> = {};
  for (const { mutants } of Object.values(files))
    for (const { status } of mutants) count[status] = (count[status] ?? 0) + 1;
  const { Killed = 0, Timeout = 0, Survived = 0, NoCoverage = 0, Ignored = 0 } = count;
  const mutants = Killed + Timeout + Survived + NoCoverage;
  const score = Math.round((10_000 * (Killed + Timeout)) / Math.max(1, mutants)) / 100;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    JSON.stringify({
      mutants,
      killed: Killed,
      timedOut: Timeout,
      survived: Survived,
      noCoverage: NoCoverage,
      ignored: Ignored,
      score,
      seconds,
    }),
  );
}
