import { Closers } from "./closers.ts";
import { runImport } from "./import/run.ts";
import { readOptions, UsageError } from "./options.ts";
import { runPages } from "./pages/run.ts";
import { runRefunds } from "./refunds/run.ts";
import { runSearch } from "./search/run.ts";
import { runSoak } from "./soak/run.ts";
import { runWebhooks } from "./webhooks/run.ts";
import { runWorkflows } from "./workflows/run.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
const closers = new Closers();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void closers.close().finally(() => process.exit(130)));
}
try {
  const options = readOptions(process.argv.slice(2));
  process.exitCode = await run(options);
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1;
  process.stderr.write(
    `${error instanceof UsageError ? error.message : String((error as Error).stack ?? error)}\n`,
  );
} finally {
  await closers.close();
}

function run(options: ReturnType<typeof readOptions>): Promise<number> {
  switch (options.bench) {
    case "webhooks":
      return runWebhooks(options, closers, say);
    case "workflows":
      return runWorkflows(options, closers, say);
    case "refunds":
      return runRefunds(options, closers, say);
    case "import":
      return runImport(options, closers, say);
    case "search":
      return runSearch(options, closers, say);
    case "pages":
      return runPages(options, closers, say);
    case "soak":
      return runSoak(options, closers, say);
  }
}
