import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { connectSecret } from "./event-desk.ts";
import type { Harness } from "./harness.ts";

/**
 * The whole of core in a process of its own, beside the harness, to be killed.
 *
 * @param extra variables of its environment
 */
export async function startProcess(
  { sandbox, connectionString }: Harness,
  extra: Record<string, string> = {},
) {
  const { platform, origin } = sandbox;
  const program = fileURLToPath(new URL("runtime-process.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      TEST_CONNECTION_STRING: connectionString,
      STRIPE_SECRET_KEY: platform.secretKey,
      STRIPE_PUBLISHABLE_KEY: platform.publishableKey,
      STRIPE_CONNECT_CLIENT_ID: platform.clientId,
      STRIPE_WEBHOOK_SECRET: "whsec_platform_test",
      STRIPE_CONNECT_WEBHOOK_SECRET: connectSecret,
      REDRESS_SANDBOX_ORIGIN: origin,
      REDRESS_SECRET: "a secret of this test, long enough for it",
      ...extra,
    },
  });
  const exited = once(child, "exit");
  const kill = () => {
    child.kill("SIGKILL");
    return exited;
  };
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    exited.then(() => Promise.reject(new Error("the process ended before it listened"))),
  ]);
  return { kill, url: String(line).replace("listening ", "") };
}
