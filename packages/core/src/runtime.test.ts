import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import {
  apps,
  auditLogs,
  connectDatabase,
  notifications,
  purchases,
  refunds,
  stripeEvents,
} from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq, type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { systemActor } from "./actor.ts";
import { createApp } from "./apps/create-app.ts";
import { verifyAudit } from "./audit/verify-audit.ts";
import { readConfiguration } from "./configuration.ts";
import { requestRefund } from "./refunds/request-refund.ts";
import { type Runtime, startRuntime } from "./runtime.ts";
import { createStripeClient } from "./stripe/client.ts";
import { type Receiver, startReceiver, verifyMessage } from "./testing/receiver.ts";
import { replayEvent } from "./webhooks/replay-event.ts";

/** A machine that does much else is slow; nothing here depends on how long it takes. */
const waitFor = <Value>(check: () => Promise<Value>) => vi.waitFor(check, { timeout: 10_000 });

// The whole of core as it runs: real PostgreSQL, DBOS, the sandbox over HTTP with its webhooks, and an app
// that receives notifications. Nothing in between is moved by hand.
let testDatabase: TestDatabase;
let sandbox: Sandbox;
let runtime: Runtime;
let receiver: Receiver;
let endpoint: Server;
let app: { id: string; accountId: string; secret: string };

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  sandbox = await startSandbox({ seed: 7 });
  receiver = await startReceiver();
  receiver.answer({ status: 200, body: JSON.stringify({ status: "done" }) });
  endpoint = await startEndpoint();
  const { platform, origin } = sandbox;
  const stripe = createStripeClient({ secretKey: platform.secretKey, apiOrigin: origin });
  const secretOf = async (connect: boolean) => {
    const url = `${addressOf(endpoint)}/api/stripe/webhooks`;
    const made = await stripe.webhookEndpoints.create({ url, enabled_events: ["*"], connect });
    return made.secret ?? "";
  };
  const connectionString = await asApplicationRole();
  const configuration = readConfiguration({
    DATABASE_URL: connectionString,
    DATABASE_OWNER_URL: testDatabase.connectionString,
    STRIPE_SECRET_KEY: platform.secretKey,
    STRIPE_PUBLISHABLE_KEY: platform.publishableKey,
    STRIPE_CONNECT_CLIENT_ID: platform.clientId,
    STRIPE_WEBHOOK_SECRET: await secretOf(false),
    STRIPE_CONNECT_WEBHOOK_SECRET: await secretOf(true),
    REDRESS_SANDBOX_ORIGIN: origin,
    REDRESS_SECRET: "a secret of this test, long enough for it",
    REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS: "true",
  });
  runtime = await startRuntime({ configuration, connectionString, sweepIntervalMs: 200 });
  app = await connectApp();
});
afterAll(async () => {
  await runtime?.stop();
  await sandbox?.close();
  await receiver?.close();
  endpoint?.close();
  await asOwner(sql.raw(`drop owned by ${role}`), sql.raw(`drop role ${role}`));
  await testDatabase?.drop();
});

// The role that a careful operator gives the server: it can do all of this, and not touch the audit log.
const role = `runtime_${randomBytes(4).toString("hex")}`;

async function asApplicationRole(): Promise<string> {
  await asOwner(sql.raw(`create role ${role} login password 'for-tests'`));
  const url = new URL(testDatabase.connectionString);
  url.username = role;
  url.password = "for-tests";
  return url.toString();
}

async function asOwner(...statements: SQL[]): Promise<void> {
  const owner = connectDatabase({ connectionString: testDatabase.connectionString });
  for (const statement of statements) await owner.database.execute(statement);
  await owner.close();
}

test("the server's own role cannot change the audit log, nor switch its triggers off", async () => {
  for (const statement of [
    sql`update audit_logs set actor_id = 'x'`,
    sql`delete from audit_seals`,
    sql`truncate audit_logs cascade`,
    sql`alter table audit_logs disable trigger all`,
  ]) {
    // insufficient_privilege
    const refused = { cause: { code: "42501" } };
    await expect(runtime.dependencies.database.execute(statement)).rejects.toMatchObject(refused);
  }
});

test("a refund made in the merchant's own Dashboard reaches the app, signed, and the log", async () => {
  const { database } = runtime.dependencies;
  const charge = await sandbox.admin.createCharge({ account: app.accountId, amount: 5_000, currency: "eur" });
  await waitFor(async () => expect(await purchaseOf(charge.id)).toBeDefined());
  const merchant = createStripeClient({ secretKey: await merchantKey(), apiOrigin: sandbox.origin });
  const refund = await merchant.refunds.create({ charge: charge.id });

  await waitFor(async () => expect(await purchaseOf(charge.id)).toMatchObject({ access: "revoked" }));
  const [row] = await database.select().from(refunds).where(eq(refunds.stripeRefundId, refund.id));
  expect(row).toMatchObject({ origin: "stripe", status: "succeeded", amount: 5_000 });
  const told = receiver.messages.filter(({ body }) => body.includes(refund.id));
  expect(told).toHaveLength(1);
  const [message] = told;
  if (!message) throw new Error("nothing arrived");
  expect(verifyMessage(app.secret, message)).toMatchObject({
    type: "refund.succeeded",
    data: { sequence: 1, access: "revoke", refund: { stripe_refund_id: refund.id, amount: 5_000 } },
  });
  const log = await database.select().from(auditLogs).where(eq(auditLogs.action, "refund_confirmed"));
  expect(log).toMatchObject([
    { purchaseId: row?.purchaseId, details: { stripeRefundId: refund.id, source: "stripe_webhook" } },
  ]);
});

test("an approved request runs by itself, and webhook and answer make one refund and one message", async () => {
  const { database } = runtime.dependencies;
  const charge = await sandbox.admin.createCharge({ account: app.accountId, amount: 7_000, currency: "eur" });
  const purchase = await waitFor(async () => {
    const found = await purchaseOf(charge.id);
    if (!found) throw new Error("not taken in yet");
    return found;
  });
  const { id } = await requestRefund(runtime.dependencies, {
    requester: { kind: "agent", id: "key_1", ownerId: "opr_1" },
    purchaseId: purchase.id,
    correlationId: "cor_1",
  });
  await waitFor(async () => expect(await purchaseOf(charge.id)).toMatchObject({ access: "revoked" }));
  await sandbox.admin.drainDeliveries();
  const rows = await database.select().from(refunds).where(eq(refunds.purchaseId, purchase.id));
  expect(rows).toMatchObject([{ id, origin: "redress", status: "succeeded" }]);
  const told = await database.select().from(notifications).where(eq(notifications.purchaseId, purchase.id));
  expect(told).toMatchObject([{ status: "done", attemptCount: 1, access: "revoke" }]);
});

test("an event that is replayed runs again, and changes nothing", async () => {
  const { database } = runtime.dependencies;
  const find = () => database.select().from(stripeEvents).where(eq(stripeEvents.type, "refund.created"));
  await waitFor(async () => expect((await find())[0]).toMatchObject({ status: "handled" }));
  const [event] = await find();
  const count = async () => (await database.select().from(auditLogs)).length;
  const before = await count();
  const actor = systemActor("test");
  await replayEvent(runtime.dependencies, { eventId: event?.id ?? "", actor, correlationId: "cor_replay" });
  await waitFor(async () => expect((await find())[0]).toMatchObject({ status: "handled" }));
  expect(await count()).toBe(before + 1);
});

test("every event is handled or ignored in the end, and the sealed log is whole", async () => {
  const { database } = runtime.dependencies;
  await waitFor(async () => {
    const open = await database.select().from(stripeEvents).where(eq(stripeEvents.status, "received"));
    expect(open).toEqual([]);
  });
  const failed = await database.select().from(stripeEvents).where(eq(stripeEvents.status, "failed"));
  expect(failed).toEqual([]);
  await waitFor(async () => expect(await verifyAudit(runtime.dependencies)).toMatchObject({ unsealed: 0 }));
  const verified = await verifyAudit(runtime.dependencies);
  expect(verified.valid).toBe(true);
  expect(verified.sealed).toBeGreaterThan(5);
});

async function purchaseOf(chargeId: string) {
  const { database } = runtime.dependencies;
  const [purchase] = await database.select().from(purchases).where(eq(purchases.stripeChargeId, chargeId));
  return purchase;
}

async function merchantKey(): Promise<string> {
  const { accounts } = await sandbox.admin.listAccounts();
  return accounts.find(({ id }) => id === app.accountId)?.secretKey ?? "";
}

async function connectApp(): Promise<typeof app> {
  const { dependencies } = runtime;
  const account = await sandbox.admin.createAccount({ connected: true });
  const created = await createApp(dependencies, {
    actor: systemActor("test"),
    slug: "total-typescript",
    name: "Total TypeScript",
    notificationUrl: receiver.url,
    approvalRules: [{ amount: 10_000, currency: "eur" }],
  });
  await dependencies.database
    .update(apps)
    .set({
      stripeAccountId: account.id,
      stripeLivemode: false,
      stripeScope: "read_write",
      connectedAt: new Date(),
      connectedBy: "test",
    })
    .where(eq(apps.id, created.app.id));
  return { id: created.app.id, accountId: account.id, secret: created.notificationSecret };
}

/** What a web server does in front of core: hands over the bytes and the signature. */
async function startEndpoint(): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const signature = request.headers["stripe-signature"]?.toString();
      const { status, body } = await runtime.ingest({ rawBody: Buffer.concat(chunks), signature });
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the endpoint has no port");
  return `http://127.0.0.1:${address.port}`;
}
