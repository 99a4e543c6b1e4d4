import { auditLogs, refunds, stripeEvents } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readConfiguration } from "./configuration.ts";
import { type InngestTestServer, startInngestServer } from "./durable/testing/inngest-server.ts";
import { serveEngine } from "./durable/testing/serve-engine.ts";
import { type Runtime, startRuntime } from "./runtime.ts";
import { connectSecret, createEventDesk } from "./testing/event-desk.ts";
import { type Harness, startHarness } from "./testing/harness.ts";

// W2 and W3 with two variables more: the same desk, its workflows run by Inngest, over HTTP in both directions.
let harness: Harness;
let server: InngestTestServer;
let served: Awaited<ReturnType<typeof serveEngine>>;
let runtime: Runtime;
const said: string[] = [];

beforeAll(async () => {
  [harness, server, served] = await Promise.all([startHarness(), startInngestServer(), serveEngine()]);
  const { platform, origin } = harness.sandbox;
  const configuration = readConfiguration({
    STRIPE_SECRET_KEY: platform.secretKey,
    STRIPE_PUBLISHABLE_KEY: platform.publishableKey,
    STRIPE_CONNECT_CLIENT_ID: platform.clientId,
    STRIPE_WEBHOOK_SECRET: "whsec_platform_test",
    STRIPE_CONNECT_WEBHOOK_SECRET: connectSecret,
    REDRESS_SANDBOX_ORIGIN: origin,
    REDRESS_SECRET: "a secret of this test, long enough for it",
    NEXT_PUBLIC_URL: served.origin,
    INNGEST_BASE_URL: server.origin,
    INNGEST_EVENT_KEY: server.eventKey,
    INNGEST_SIGNING_KEY: server.signingKey,
  });
  const { connectionString, clock } = harness;
  const info = (_facts: object, sentence: string) => void said.push(sentence);
  const logger = { debug() {}, info, warn() {}, error() {} };
  runtime = await startRuntime({ configuration, connectionString, clock, logger, sweepIntervalMs: 200 });
  served.mount({ serve: runtime.serveEngine });
  await vi.waitUntil(() => server.functions().length > 0, { timeout: 10_000 });
});
afterAll(async () => {
  await runtime?.stop();
  await served?.close();
  await server?.close();
  await harness?.close();
});

/** A charge that is known to the desk, refunded by its merchant: what Stripe tells of it. */
async function refundedCharge() {
  const app = await harness.app();
  const purchase = await harness.purchase({ app });
  const { stripe } = harness.dependencies;
  await stripe.refunds.create({ charge: purchase.chargeId }, { stripeAccount: app.accountId });
  const events = await createEventDesk(harness).eventsOf(app.accountId);
  const find = (type: string) => {
    const event = events.find((candidate) => candidate.type === type);
    if (!event) throw new Error(`Stripe tells of no ${type}`);
    return event;
  };
  return { app, purchase, created: find("refund.created"), chargeRefunded: find("charge.refunded") };
}

async function deliver(event: object): Promise<void> {
  const payload = JSON.stringify(event);
  const timestamp = Math.floor(harness.clock.now().getTime() / 1_000);
  const { stripe } = harness.dependencies;
  const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: connectSecret, timestamp });
  expect(await runtime.ingest({ rawBody: Buffer.from(payload), signature })).toMatchObject({ status: 200 });
}

async function inbox(id: string) {
  const { database } = harness.dependencies;
  const [row] = await database.select().from(stripeEvents).where(eq(stripeEvents.id, id));
  return row;
}

test("which engine runs, and why, is said at start", () => {
  expect(said).toContain(
    `Workflows run on Inngest (${server.origin}): INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY are set.`,
  );
});

test("an event that Inngest acknowledged and lost is settled all the same, once its grace is over", async () => {
  const { app, purchase, created } = await refundedCharge();
  server.loseNext();
  await deliver(created);
  await vi.waitFor(() => expect(server.events).toHaveLength(1), { timeout: 10_000 });
  const { id, type, data, created: createdAt, livemode } = created;
  expect(server.events[0]).toMatchObject({
    name: "stripe/event.received",
    data: { id, type, data, accountId: app.accountId, created: createdAt, livemode },
  });
  expect(await inbox(id)).toMatchObject({ status: "received" });

  await harness.advance(30_000);
  await vi.waitFor(async () => expect(await inbox(id)).toMatchObject({ status: "handled" }), {
    timeout: 10_000,
  });
  expect(server.events).toHaveLength(2);
  const { database } = harness.dependencies;
  const rows = await database.select().from(refunds).where(eq(refunds.purchaseId, purchase.id));
  expect(rows).toMatchObject([{ origin: "stripe", status: "succeeded" }]);
  const log = await database.select().from(auditLogs).where(eq(auditLogs.action, "refund_confirmed"));
  expect(log).toMatchObject([{ purchaseId: purchase.id, details: { source: "stripe_webhook" } }]);
});

test("why an event failed for good is beside it in the inbox", async () => {
  const { chargeRefunded } = await refundedCharge();
  await harness.sandbox.admin.addFault({
    fault: "drop_before",
    method: "GET",
    path: "/v1/refunds",
    // The sweep, which asks what Stripe booked, meets some of them.
    times: 20,
  });
  await deliver(chargeRefunded);
  await vi.waitFor(
    async () => {
      expect(await inbox(chargeRefunded.id)).toMatchObject({ status: "failed", attemptCount: 1 });
    },
    { timeout: 10_000 },
  );
  expect((await inbox(chargeRefunded.id))?.lastError).toMatch(/connection/i);
});
