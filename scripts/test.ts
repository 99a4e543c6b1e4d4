import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { buildWeb } from "./build-web.ts";
import { searchLogs } from "./redaction/search-logs.ts";

/**
 * `npm test`: builds the console when it changed, runs every test, searches all that the desks of the run said for secrets and
 * card numbers, and ends with one line of counts.
 */
const countsSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
});

await buildWeb(console.log);
const folder = await mkdtemp(join(tmpdir(), "redress-report-"));
const logs = join(folder, "logs");
await mkdir(logs);
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
  const searched = await searchLogs(logs);
  for (const { kind, begins, place, sentence } of searched.findings.slice(0, 20)) {
    console.log(`A log holds a secret: ${kind} ${begins}…, ${place}: ${sentence}`);
  }
  console.log(
    `Logs: ${searched.lines} lines of the run searched for cards and for secrets, ${searched.secrets} of them by value: ${searched.findings.length} found`,
  );
  console.log(
    `${counts.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  );
  process.exitCode = searched.findings.length > 0 ? 1 : code;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function run(arguments_: string[]): Promise<number> {
  // Shown as it comes, and its lines of JSON kept: what processes that tests started logged.
  const child = spawn("npx", [...arguments_, ...process.argv.slice(2)], {
    stdio: ["inherit", "pipe", "pipe"],
    env: { ...(process.stdout.isTTY && { FORCE_COLOR: "1" }), ...process.env, REDRESS_TEST_LOGS: logs },
  });
  const kept = createWriteStream(join(logs, "children.out"));
  const keep = async (from: NodeJS.ReadableStream, to: NodeJS.WritableStream) => {
    from.pipe(to, { end: false });
    for await (const line of createInterface({ input: from })) {
      if (line.startsWith('{"level":')) kept.write(`${line}\n`);
    }
  };
  const reading = Promise.all([keep(child.stdout, process.stdout), keep(child.stderr, process.stderr)]);
  const [code] = await once(child, "exit");
  await reading;
  kept.end();
  await once(kept, "finish");
  return typeof code === "number" ? code : 1;
}
