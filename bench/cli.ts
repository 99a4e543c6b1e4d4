import { Closers } from "./closers.ts";
import { readOptions, UsageError } from "./options.ts";
import { runWebhooks } from "./webhooks/run.ts";
import { runWorkflows } from "./workflows/run.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
const closers = new Closers();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void closers.close().finally(() => process.exit(130)));
}
try {
  const options = readOptions(process.argv.slice(2));
  process.exitCode =
    options.bench === "webhooks"
      ? await runWebhooks(options, closers, say)
      : await runWorkflows(options, closers, say);
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1;
  process.stderr.write(
    `${error instanceof UsageError ? error.message : String((error as Error).stack ?? error)}\n`,
  );
} finally {
  await closers.close();
}
