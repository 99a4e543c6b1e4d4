import { randomBytes } from "node:crypto";
import { systemActor } from "@redress/core/actor";
import { createApp } from "@redress/core/apps/create-app";
import type { Dependencies, Logger } from "@redress/core/dependencies";
import { newId } from "@redress/core/ids";
import { neverLogged, runLogger } from "@redress/core/testing/run-logs";
import { apps, type OperatorRole, purchases } from "@redress/database";
import { createTestDatabase } from "@redress/database/testing";
import { eq } from "drizzle-orm";
import { holdPort } from "../../../../scripts/free-port.ts";
import { sandboxEnvironment } from "../../../../scripts/sandbox-environment.ts";
import { addOperator } from "../auth/add-operator.ts";
import { startServer } from "../server.ts";
import { Client } from "./client.ts";

export const password = "a password for tests only";

/** The whole desk as `npm start` runs it: our server, built pages, a real database, the Stripe sandbox. */
export async function startDesk(
  sandbox: Parameters<typeof sandboxEnvironment>[0],
  {
    env: more = {},
    ...options
  }: { logger?: Logger; env?: Record<string, string>; workerProcess?: boolean } = {},
) {
  const database = await createTestDatabase();
  // Apart for test files that run at once: between looking and listening a port could be taken.
  const held = await holdPort(20_000 + (process.pid % 10_000));
  const { port } = held;
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...(await sandboxEnvironment(sandbox, url)),
    DATABASE_URL: database.connectionString,
    REDRESS_SECRET: randomBytes(32).toString("base64"),
    ...more,
  };
  await held.release();
  const secret = /SECRET|TOKEN|PASSWORD/;
  neverLogged(password, ...Object.entries(env).flatMap(([name, value]) => (secret.test(name) ? value : [])));
  const server = await startServer({ env, port, logger: runLogger(), ...options });
  const { dependencies } = server.runtime;
  return {
    url,
    env,
    server,
    dependencies,
    client: () => new Client(url),
    /** As behind a proxy: the limit of attempts is by address. */
    clientElsewhere: () => new Client(url, address()),
    app: (slug: string) => connectedApp(dependencies, slug),
    purchase: (appId: string, changes: Partial<typeof purchases.$inferInsert> = {}) =>
      addPurchase(dependencies, appId, changes),
    async operator(role: OperatorRole, appSlug?: string) {
      const email = `${role}-${newId(dependencies.random, "role")}@example.com`;
      const { operatorId } = await addOperator(dependencies, {
        name: `The ${role}`,
        email,
        password,
        role,
        appSlug,
        actor: systemActor("test"),
        correlationId: "cor_test",
      });
      // Each from an address of their own, as behind a proxy: the limit of sign-ins is by address.
      const client = new Client(url, address());
      await client.signIn(email, password);
      return { client, email, operatorId };
    },
    async close() {
      await server.close();
      await database.drop();
    },
  };
}

const address = () => [203, ...randomBytes(3)].join(".");

/** An app with a connection, as a finished journey to Stripe would leave it. */
async function connectedApp(dependencies: Dependencies, slug: string) {
  const { app, notificationSecret } = await createApp(dependencies, {
    slug,
    name: slug,
    actor: systemActor("test"),
  });
  await dependencies.database
    .update(apps)
    .set({
      stripeAccountId: `acct_${slug.replaceAll("-", "")}`,
      stripeLivemode: false,
      stripeScope: "read_write",
      connectedAt: new Date(),
      connectedBy: "test",
    })
    .where(eq(apps.id, app.id));
  return { id: app.id, slug, notificationSecret };
}

async function addPurchase(
  dependencies: Dependencies,
  appId: string,
  changes: Partial<typeof purchases.$inferInsert>,
): Promise<string> {
  const [app] = await dependencies.database.select().from(apps).where(eq(apps.id, appId));
  const id = newId(dependencies.random, "purchase");
  const now = new Date();
  await dependencies.database.insert(purchases).values({
    id,
    appId,
    stripeAccountId: app?.stripeAccountId ?? "acct_none",
    stripeChargeId: `ch_${id.slice(4)}`,
    livemode: false,
    amountCaptured: 10_000,
    currency: "usd",
    customerEmail: "customer@example.com",
    personalSalt: "salt",
    purchasedAt: now,
    createdAt: now,
    updatedAt: now,
    ...changes,
  });
  return id;
}
