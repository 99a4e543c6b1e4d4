import { readCommandLine, USAGE, UsageError } from "./command-line.ts";
import type { SandboxOptions } from "./options.ts";
import { type Sandbox, startSandbox } from "./start.ts";

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
  const options = readCommandLine(process.argv.slice(2));
  if (options === "help") {
    process.stdout.write(USAGE);
    return;
  }
  const sandbox = await startOnFreePort(options);
  announce(sandbox, options);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
