import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { apps, purchases } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createApp } from "../apps/create-app.ts";
import { readConfiguration } from "../configuration.ts";
import { type Runtime, startRuntime } from "../runtime.ts";
import { createStripeClient } from "../stripe/client.ts";
import { forkWork } from "./fork-work.ts";

// The desk as `npm start` runs it: webhooks are taken in here, and handled in a process of its own.
let testDatabase: TestDatabase;
let sandbox: Sandbox;
let endpoint: Server;
let runtime: Runtime;
let accountId: string;
let env: Record<string, string>;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  sandbox = await startSandbox({ seed: 11 });
  endpoint = await startEndpoint();
  const { platform, origin } = sandbox;
  const stripe = createStripeClient({ secretKey: platform.secretKey, apiOrigin: origin });
  const address = endpoint.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const url = `http://127.0.0.1:${port}/api/stripe/webhooks`;
  const made = await stripe.webhookEndpoints.create({ url, enabled_events: ["*"], connect: true });
  env = {
    PATH: process.env.PATH ?? "",
    STRIPE_SECRET_KEY: platform.secretKey,
    STRIPE_PUBLISHABLE_KEY: platform.publishableKey,
    STRIPE_CONNECT_CLIENT_ID: platform.clientId,
    STRIPE_WEBHOOK_SECRET: "whsec_of_nobody",
    STRIPE_CONNECT_WEBHOOK_SECRET: made.secret ?? "",
    REDRESS_SANDBOX_ORIGIN: origin,
    REDRESS_SECRET: "a secret of this test, long enough for it",
    LOG_LEVEL: "fatal",
  };
  runtime = await start(env);
  accountId = await connectApp();
});
afterAll(async () => {
  await runtime?.stop();
  await sandbox?.close();
  endpoint?.close();
  await testDatabase?.drop();
});

test("what is taken in here is handled there, and by the next worker when one was killed", async () => {
  await sellAndWait();
  const [killed] = workers();
  process.kill(killed ?? 0, "SIGKILL");
  await sellAndWait();
  expect(workers()).not.toContain(killed);
});

test("a worker that cannot start fails the start and leaves no process behind", async () => {
  const before = workers();
  await expect(
    start({ ...env, REDRESS_PUBLIC_URL: "not an address", NEXT_PUBLIC_URL: "no" }),
  ).rejects.toThrow("before it worked");
  expect(workers()).toEqual(before);
});

test("stopping ends the worker as well", async () => {
  const before = workers();
  const second = await start(env);
  expect(workers()).toHaveLength(before.length + 1);
  await second.stop();
  expect(workers()).toEqual(before);
});

function start(workerEnv: Record<string, string>): Promise<Runtime> {
  const { connectionString } = testDatabase;
  const configuration = readConfiguration({ ...env, DATABASE_URL: connectionString });
  return startRuntime({ configuration, connectionString, startWork: forkWork(workerEnv) });
}

/** The workers of this process. */
function workers(): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  return table
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, parent, ...args]) => Number(parent) === process.pid && args.join(" ").includes("worker-process"),
    )
    .map(([pid]) => Number(pid));
}

async function sellAndWait(): Promise<void> {
  const charge = await sandbox.admin.createCharge({ account: accountId, amount: 5_000, currency: "eur" });
  const find = () =>
    runtime.dependencies.database.select().from(purchases).where(eq(purchases.stripeChargeId, charge.id));
  await vi.waitFor(async () => expect(await find()).toHaveLength(1), { timeout: 20_000 });
}

async function connectApp(): Promise<string> {
  const { dependencies } = runtime;
  const actor = { kind: "operator", id: "opr_1" } as const;
  const created = await createApp(dependencies, { actor, slug: "workshops", name: "Workshops" });
  const account = await sandbox.admin.createAccount({ connected: true });
  const connected = { stripeAccountId: account.id, stripeLivemode: false, stripeScope: "read_write" };
  await dependencies.database
    .update(apps)
    .set({ ...connected, connectedAt: new Date(), connectedBy: "test" })
    .where(eq(apps.id, created.app.id));
  return account.id;
}

async function startEndpoint(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const signature = request.headers["stripe-signature"]?.toString();
    const { status } = await runtime.ingest({ rawBody: Buffer.concat(chunks), signature });
    response.writeHead(status).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
