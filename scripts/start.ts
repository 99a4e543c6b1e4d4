import { readConfiguration } from "@redress/core/configuration";
import { createLogger } from "@redress/core/logger";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { startServer } from "@redress/web/server";
import { buildWeb } from "./build-web.ts";
import { holdPort } from "./free-port.ts";
import { sandboxEnvironment, stripeVariables } from "./sandbox-environment.ts";
import { closeAtSignal } from "./shutdown.ts";

/**
 * `npm start` and `npm run dev`: Redress, its workflows on DBOS in a second process. With no Stripe variable set, and outside
 * production, it runs against a local Stripe sandbox that keeps its state in `.redress/sandbox`.
 */
const dev = process.argv.includes("--dev");
const needsSandbox =
  process.env.NODE_ENV !== "production" &&
  process.env.REDRESS_SANDBOX_ORIGIN === undefined &&
  stripeVariables.every((name) => process.env[name] === undefined);

let sandbox: Sandbox | null = null;
let starting: ReturnType<typeof startServer> | null = null;

async function close(): Promise<void> {
  await (await starting?.catch(() => null))?.close();
  await sandbox?.close();
}
closeAtSignal(close);

try {
  // Before anything starts, the build included.
  const { port, logLevel, publicUrl } = readConfiguration(process.env);
  if (!dev) await buildWeb(console.log);
  if (needsSandbox) sandbox = await openSandbox();
  const env = sandbox ? { ...process.env, ...(await sandboxEnvironment(sandbox, publicUrl)) } : process.env;
  const logger = createLogger({ level: logLevel });
  starting = startServer({ env, port, dev, logger, workerProcess: true });
  console.log(`Redress is at ${(await starting).url}`);
} catch (error) {
  // Errors that were foreseen say by themselves what to do; a stack would only hide it.
  const foreseen = ["ConfigurationError", "StartError", "EmbeddedPostgresError", "SchemaNewerError"];
  console.error(error instanceof Error && foreseen.includes(error.name) ? error.message : error);
  await close();
  process.exit(1);
}

async function openSandbox(): Promise<Sandbox> {
  const free = await holdPort(4010);
  await free.release();
  const opened = await startSandbox({ port: free.port, dataDirectory: ".redress/sandbox" });
  console.log(`No Stripe variable is set: using the local Stripe sandbox at ${opened.origin}.`);
  return opened;
}
