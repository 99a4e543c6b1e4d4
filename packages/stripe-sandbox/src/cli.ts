import { parseArgs } from "node:util";
import type { SandboxOptions } from "./options.ts";
import { type Sandbox, startSandbox } from "./start.ts";

const DEFAULT_PORT = 4010;

const USAGE = `A local Stripe: OAuth, payments, refunds, disputes, webhooks, faults.

  npm run sandbox -- [options]

  --port <n>         where to listen (default ${DEFAULT_PORT}; taken: another one is used; 0: any)
  --data <folder>    keep the state in this folder (default: in memory only)
  --rate-limit <n>   answer 429 above n requests a second (default: off; Stripe's test mode: 25)
  --seed <n>         draw ids and keys from this seed
  --help
`;

/** A whole number from the command line. @throws Error naming the option */
function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}".`);
  return Number(text);
}

function readOptions(values: {
  port?: string | undefined;
  data?: string | undefined;
  "rate-limit"?: string | undefined;
  seed?: string | undefined;
}): SandboxOptions {
  const port = readNumber("port", values.port) ?? DEFAULT_PORT;
  if (port > 65_535) throw new Error("--port goes up to 65535.");
  const seed = readNumber("seed", values.seed);
  return {
    port,
    rateLimitPerSecond: readNumber("rate-limit", values["rate-limit"]) ?? 0,
    ...(values.data === undefined ? {} : { dataDirectory: values.data }),
    ...(seed === undefined ? {} : { seed }),
  };
}

async function startOnFreePort(options: SandboxOptions): Promise<Sandbox> {
  try {
    return await startSandbox(options);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    console.log(`Port ${options.port} is taken; using another one.`);
    return startSandbox({ ...options, port: 0 });
  }
}

function announce({ origin, platform }: Sandbox, options: SandboxOptions): void {
  console.log(`Stripe sandbox — not the real Stripe

  origin           ${origin}
  secret key       ${platform.secretKey}
  publishable key  ${platform.publishableKey}
  client id        ${platform.clientId}
  account          ${platform.accountId}
  data             ${options.dataDirectory ?? "in memory (give --data to keep it)"}

  new Stripe("${platform.secretKey}", { host: "${new URL(origin).hostname}", port: ${new URL(origin).port}, protocol: "http" })

Ctrl-C stops it.`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      data: { type: "string" },
      "rate-limit": { type: "string" },
      seed: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const options = readOptions(values);
  const sandbox = await startOnFreePort(options);
  announce(sandbox, options);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
