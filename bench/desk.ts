import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildWeb } from "../scripts/build-web.ts";
import type { Browser } from "../scripts/demo/browser.ts";
import { walkConsent } from "../scripts/demo/consent.ts";
import { hirePeople } from "../scripts/demo/people.ts";
import { holdPort } from "../scripts/free-port.ts";
import { sandboxEnvironment, stripeVariables } from "../scripts/sandbox-environment.ts";
import { end, signalFamily } from "./processes.ts";
import type { ReceivingApps } from "./receiving-apps.ts";
import type { BenchStripe } from "./stripe.ts";

/** Redress as `npm start` serves it: a process of its own, on the bench's database and sandbox. */
export interface Desk {
  readonly pid: number;
  /** Where it takes events, and the secret of the Connect endpoint. */
  readonly url: string;
  readonly secret: string;
  readonly origin: string;
  /** The first person, once the apps are connected. */
  admin(): Browser;
  /** Creates the bench's apps and connects each through the consent page; waits for their charges, unless told. */
  connectApps(
    stripe: Pick<BenchStripe, "apps">,
    receiving: ReceivingApps,
    options?: ConnectOptions,
  ): Promise<void>;
  /** SIGSTOP and SIGCONT: while others are measured, its own processing must not take their processor. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  kill(): Promise<void>;
  /** SIGKILL to it and all that it started, at once. */
  killAll(): Promise<void>;
  /** Starts it again, after `kill`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface ConnectOptions {
  readonly approvalRules?: readonly { amount: number; currency: string }[];
  readonly waits?: boolean;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const logFile = ".redress/bench/desk.log";
const startPatienceMs = 120_000;

export async function startDesk(given: {
  stripe: Pick<BenchStripe, "sandbox">;
  connectionString: string;
  /** Variables beyond those of the sandbox, e.g. of Inngest. */
  env?: Readonly<Record<string, string>>;
  /** One of several desks behind one address: the address, and the variables that all of them have. */
  front?: {
    readonly origin: string;
    readonly variables: Readonly<Record<string, string>>;
    add(port: number): void;
  };
  /** A folder for a CPU profile of the process, written when it stops. */
  profile?: string | null;
  say: (line: string) => void;
}): Promise<Desk> {
  await buildWeb(given.say);
  const held = await holdPort(0);
  await held.release();
  const own = `http://127.0.0.1:${held.port}`;
  const origin = given.front?.origin ?? own;
  const variables = given.front?.variables ?? (await sandboxEnvironment(given.stripe.sandbox, origin));
  const env = {
    ...withoutOwn(process.env),
    ...variables,
    DATABASE_URL: given.connectionString,
    REDRESS_PORT: String(held.port),
    ...given.env,
  };
  const options = given.profile ? ["--cpu-prof", `--cpu-prof-dir=${given.profile}`] : [];
  let child = await launch(env, own, options);
  given.front?.add(held.port);
  let admin: Browser | null = null;
  return {
    get pid() {
      return child.pid ?? 0;
    },
    url: `${origin}/api/stripe/webhooks`,
    secret: variables.STRIPE_CONNECT_WEBHOOK_SECRET ?? "",
    origin,
    admin() {
      if (admin === null) throw new Error("nobody was hired yet: connect the apps first");
      return admin;
    },
    async connectApps(stripe, receiving, { approvalRules = [], waits = true } = {}) {
      ({ admin } = await hirePeople(origin));
      await connectApps(admin, { stripe, receiving, approvalRules, waits });
    },
    pause: () => signalFamily(child.pid ?? 0, "SIGSTOP"),
    resume: () => signalFamily(child.pid ?? 0, "SIGCONT"),
    kill: () => end(child, "SIGKILL"),
    async killAll() {
      const exited = once(child, "exit");
      await signalFamily(child.pid ?? 0, "SIGKILL");
      await exited;
    },
    async restart() {
      child = await launch(env, own, options);
    },
    async stop() {
      await signalFamily(child.pid ?? 0, "SIGCONT").catch(() => {});
      await end(child, "SIGTERM");
    },
  };
}

/** The environment of whoever runs the bench must not point it at the real Stripe, or at another engine. */
function withoutOwn(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const own = (name: string) =>
    stripeVariables.some((variable) => variable === name) || /^(REDRESS_|INNGEST_)/.test(name);
  const names = Object.keys(env).filter((name) => !own(name) && name !== "NODE_ENV" && name !== "PORT");
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}

async function launch(
  env: Readonly<Record<string, string | undefined>>,
  origin: string,
  options: readonly string[],
): Promise<ChildProcess> {
  mkdirSync(".redress/bench", { recursive: true });
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, [...options, "--import", "tsx", "scripts/start.ts"], {
    cwd: root,
    // Next's types demand a NODE_ENV; who types `npm start` has none, and in production the sandbox is refused.
    env: env as NodeJS.ProcessEnv,
    stdio: ["ignore", log, log],
  });
  const deadline = Date.now() + startPatienceMs;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${origin}/api/health`).catch(() => null);
    if (answer?.ok) return child;
    await pause(100);
  }
  await end(child, "SIGKILL");
  throw new Error(`Redress did not start. Read ${logFile}.`);
}

async function connectApps(
  admin: Browser,
  given: {
    stripe: Pick<BenchStripe, "apps">;
    receiving: ReceivingApps;
    approvalRules: readonly { amount: number; currency: string }[];
    waits: boolean;
  },
): Promise<void> {
  const { stripe, receiving, approvalRules, waits } = given;
  for (const { slug, accountId } of stripe.apps) {
    const notificationUrl = receiving.urlOf(slug);
    const created = await admin.call<{ notificationSecret: string }>("POST", "/api/v1/apps", {
      slug,
      name: slug,
      notificationUrl,
      approvalRules,
    });
    receiving.trust(slug, created.notificationSecret);
    const { location } = await walkConsent(admin, { appSlug: slug, accountId, decision: "connect" });
    if (!location.includes("success=connected")) throw new Error(`${slug} was not connected: ${location}`);
    for (let status = ""; waits && status !== "done"; await pause(50)) {
      const { app } = await admin.call<{ app: { import: { status: string } } }>(
        "GET",
        `/api/v1/apps/${slug}`,
      );
      status = app.import.status;
      if (status === "failed")
        throw new Error(`The charges of ${slug} could not be imported. Read ${logFile}.`);
    }
  }
}
