import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { buildWeb } from "./build-web.ts";

/** `npm test`: builds the console when it changed, runs every test, and ends with one line of counts. */
const countsSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
});

await buildWeb(console.log);
const folder = await mkdtemp(join(tmpdir(), "redress-test-"));
try {
  const report = join(folder, "report.json");
  const code = await run([
    "vitest",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  const counts = countsSchema.parse(JSON.parse(await readFile(report, "utf8")));
  // A file that could not even be loaded has no failed tests, but is a failure all the same.
  const failed = counts.numFailedTests + (counts.numFailedTests === 0 ? counts.numFailedTestSuites : 0);
  const skipped = counts.numPendingTests + counts.numTodoTests;
  console.log(
    `${counts.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  );
  process.exitCode = code;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function run(arguments_: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn("npx", [...arguments_, ...process.argv.slice(2)], { stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
