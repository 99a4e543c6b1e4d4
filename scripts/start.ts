import { startSandbox } from "@redress/stripe-sandbox";
import { startServer } from "@redress/web/server";
import { buildWeb } from "./build-web.ts";
import { sandboxEnvironment, stripeVariables } from "./sandbox-environment.ts";

/**
 * `npm start` and `npm run dev`: Redress in one process. With no Stripe variable set, and outside
 * production, it runs against a local Stripe sandbox that keeps its state in `.redress/sandbox`.
 */
const dev = process.argv.includes("--dev");
const port = Number(process.env.PORT ?? 3000);
const needsSandbox =
  process.env.NODE_ENV !== "production" &&
  process.env.REDRESS_SANDBOX_ORIGIN === undefined &&
  stripeVariables.every((name) => process.env[name] === undefined);

if (!dev) await buildWeb(console.log);
const sandbox = needsSandbox ? await startSandbox({ port: 4010, dataDirectory: ".redress/sandbox" }) : null;
const env = sandbox
  ? {
      ...process.env,
      ...(await sandboxEnvironment(sandbox, process.env.NEXT_PUBLIC_URL ?? `http://127.0.0.1:${port}`)),
    }
  : process.env;
if (sandbox) console.log(`No Stripe variable is set: using the local Stripe sandbox at ${sandbox.origin}.`);

const server = await startServer({ env, port, dev });
console.log(`Redress is at ${server.url}`);

let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void server
      .close()
      .then(() => sandbox?.close())
      .then(() => process.exit(0));
  });
}
