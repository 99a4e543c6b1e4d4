import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "@redress/core/apps/create-app";
import type { Dependencies } from "@redress/core/dependencies";
import { takeInCharge } from "@redress/core/purchases/take-in-charge";
import { createSecretBox } from "@redress/core/secret-box";
import { createStripeClient } from "@redress/core/stripe/client";
import { type Receiver, startReceiver } from "@redress/core/testing/receiver";
import { apps, connectDatabase, migrateDatabase, operatorRoles, operators } from "@redress/database";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@redress/database/embedded";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import pg from "pg";
import type { SimulationServer } from "../../database.ts";

const secret = "a secret of this proof, long enough for it";
/** What Stripe signs webhooks with. */
export const connectSecret = "whsec_connect_crash";
const template = "crash_template";

/** A real PostgreSQL server and a sandbox, which many runs share. */
export interface Ground {
  readonly server: EmbeddedPostgres;
  readonly sandbox: Sandbox;
  readonly admin: pg.Pool;
  close(): Promise<void>;
}

/** @param servers is told of the server, so that whoever is interrupted leaves none behind */
export async function openGround(servers: Set<SimulationServer>): Promise<Ground> {
  const dataDirectory = join(tmpdir(), `redress-crashes-${randomBytes(6).toString("hex")}`);
  // Durable, as in production: what it forces to disk is part of how long things take.
  const server = await startEmbeddedPostgres({ dataDirectory, persistent: false });
  servers.add(server);
  const sandbox = await startSandbox({ seed: 1 });
  const admin = new pg.Pool({ connectionString: server.connectionString("postgres"), max: 2 });
  // `end` does not wait until its connections are closed, and the server may end them first.
  admin.on("error", () => {});
  await admin.query(`create database ${template}`);
  await migrateDatabase(server.connectionString(template));
  return {
    server,
    sandbox,
    admin,
    async close() {
      await admin.end();
      await sandbox.close();
      await server.stop();
      servers.delete(server);
    },
  };
}

/** One desk with a database of its own, one connected app that listens, and one charge of EUR 100.00. */
export interface Site {
  readonly dependencies: Dependencies;
  readonly pool: pg.Pool;
  readonly receiver: Receiver;
  readonly app: { readonly id: string; readonly accountId: string; readonly accountKey: string };
  readonly purchase: { readonly id: string; readonly chargeId: string };
  /** What a process of this desk is started with. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Two copies of one template at a time are refused. */
let copying: Promise<unknown> = Promise.resolve();

export async function openSite({ server, sandbox, admin }: Ground): Promise<Site> {
  const name = `crash_${randomBytes(6).toString("hex")}`;
  const copied = copying.then(() => admin.query(`create database ${name} template ${template}`));
  copying = copied.catch(() => {});
  await copied;
  const connectionString = server.connectionString(name);
  const { database, pool, close } = connectDatabase({ connectionString });
  const receiver = await startReceiver();
  receiver.answer({ status: 200, body: JSON.stringify({ status: "done" }) });
  const dependencies = compose(sandbox, database);
  await addPeople(dependencies);
  const app = await addApp(dependencies, sandbox, receiver.url);
  const purchase = await addPurchase(dependencies, sandbox, app);
  const { platform, origin } = sandbox;
  return {
    dependencies,
    pool,
    receiver,
    app,
    purchase,
    environment: {
      TEST_CONNECTION_STRING: connectionString,
      STRIPE_SECRET_KEY: platform.secretKey,
      STRIPE_PUBLISHABLE_KEY: platform.publishableKey,
      STRIPE_CONNECT_CLIENT_ID: platform.clientId,
      STRIPE_WEBHOOK_SECRET: "whsec_platform_crash",
      STRIPE_CONNECT_WEBHOOK_SECRET: connectSecret,
      REDRESS_SANDBOX_ORIGIN: origin,
      REDRESS_SECRET: secret,
      REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS: "true",
    },
    async close() {
      await receiver.close();
      await close();
      await admin.query(`drop database if exists ${name} with (force)`);
    },
  };
}

/** What prepares and judges a run, outside the processes that die. */
function compose({ platform, origin }: Sandbox, database: Dependencies["database"]): Dependencies {
  return {
    database,
    stripe: createStripeClient({ secretKey: platform.secretKey, apiOrigin: origin }),
    clock: { now: () => new Date() },
    random: { bytes: (count) => randomBytes(count) },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    secrets: createSecretBox(secret),
    mail: { way: "log", send: () => Promise.reject(new Error("no mail is sent here")) },
    outbound: { post: () => Promise.reject(new Error("only a process of the desk tells apps")) },
    settings: {
      publicUrl: "http://127.0.0.1:3000",
      mode: "sandbox",
      eventRetentionDays: 90,
      stripe: {
        clientId: platform.clientId,
        publishableKey: platform.publishableKey,
        connectOrigin: origin,
        platformWebhookSecrets: [],
        connectWebhookSecrets: [connectSecret],
      },
    },
    wakeOutbox: () => {},
  };
}

async function addPeople({ database, clock }: Dependencies): Promise<void> {
  const now = clock.now();
  for (const id of ["opr_ada", "opr_ben"]) {
    const person = { id, name: id, email: `${id}@example.com`, createdAt: now, updatedAt: now };
    await database.insert(operators).values(person);
    await database.insert(operatorRoles).values({
      id: `rol_${id}`,
      operatorId: id,
      appId: null,
      role: "admin",
      grantedAt: now,
      grantedBy: "crash",
    });
  }
}

async function addApp(dependencies: Dependencies, sandbox: Sandbox, notificationUrl: string) {
  const { app } = await createApp(dependencies, {
    actor: { kind: "operator", id: "opr_ada" },
    slug: "shop",
    name: "Shop",
    notificationUrl,
  });
  const account = await sandbox.admin.createAccount({ connected: true, default_currency: "eur" });
  await dependencies.database
    .update(apps)
    .set({
      stripeAccountId: account.id,
      stripeLivemode: false,
      stripeScope: "read_write",
      connectedAt: dependencies.clock.now(),
      connectedBy: "opr_ada",
    })
    .where(eq(apps.id, app.id));
  return { id: app.id, accountId: account.id, accountKey: account.secretKey };
}

async function addPurchase(
  dependencies: Dependencies,
  sandbox: Sandbox,
  { id: appId, accountId }: { id: string; accountId: string },
) {
  const charge = await sandbox.admin.createCharge({
    account: accountId,
    amount: 10_000,
    currency: "eur",
    silent: true,
  });
  const taken = await dependencies.database.transaction((transaction) =>
    takeInCharge(dependencies, transaction, { appId, accountId, charge }),
  );
  if (taken === null) throw new Error("the charge took no money");
  return { id: taken.purchaseId, chargeId: charge.id };
}
