import { createHmac } from "node:crypto";
import {
  apps,
  connectDatabase,
  type Database,
  type DatabaseConnection,
  outboxMessages,
  purchases,
  stripeEvents,
} from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSecretBox } from "../secret-box.ts";
import { createStripeClient } from "../stripe/client.ts";
import { seededRandom } from "../testing/harness.ts";
import { ingestWebhook, maximumBodyBytes } from "./ingest.ts";

// W1: only what Stripe signed is stored, all of it is, once, and the 200 comes after the commit.
const now = new Date("2026-11-23T12:00:00Z");
const seconds = Math.floor(now.getTime() / 1000);
const secrets = {
  platform: ["whsec_platform_new", "whsec_platform_old"],
  connect: ["whsec_connect_new", "whsec_connect_old"],
};
const stripe = createStripeClient({ secretKey: "sk_test_unused" });

let testDatabase: TestDatabase;
let connection: DatabaseConnection;
let woken = 0;
let lines: { facts: object; sentence: string }[] = [];
const note = (facts: object, sentence: string) => void lines.push({ facts, sentence });
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString });
  await addAccounts(connection.database);
});
beforeEach(() => {
  lines = [];
});
afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

function dependenciesOn(
  database: Database,
  mode: "live" | "test" = "test",
): Parameters<typeof ingestWebhook>[0] {
  return {
    database,
    clock: { now: () => now },
    random: seededRandom(1),
    secrets: createSecretBox("a key for tests that is long enough"),
    logger: { debug: note, info: note, warn: note, error: note },
    settings: {
      publicUrl: "https://refunds.example.com",
      mode,
      eventRetentionDays: 90,
      stripe: {
        clientId: "ca_1",
        publishableKey: "pk_test_1",
        connectOrigin: "https://connect.stripe.com",
        platformWebhookSecrets: secrets.platform,
        connectWebhookSecrets: secrets.connect,
      },
    },
    wakeOutbox: (queued) => {
      if (queued === "event") woken += 1;
    },
  };
}

/** One account that an app has, and one that an app had when something was bought. */
async function addAccounts(database: Database): Promise<void> {
  const app = { id: "app_1", slug: "app", name: "App", createdAt: now, updatedAt: now };
  const connection = {
    stripeAccountId: "acct_connected",
    stripeLivemode: false,
    stripeScope: "read_write",
    connectedAt: now,
    connectedBy: "test",
  };
  await database.insert(apps).values({ ...app, ...connection });
  await database.insert(purchases).values({
    id: "pur_1",
    appId: "app_1",
    stripeAccountId: "acct_former",
    stripeChargeId: "ch_1",
    livemode: false,
    amountCaptured: 100,
    currency: "eur",
    personalSalt: "salt",
    purchasedAt: now,
    createdAt: now,
    updatedAt: now,
  });
}

let count = 0;
function eventBody(overrides: Record<string, unknown> = {}): { id: string; text: string } {
  count += 1;
  const id = `evt_${count}`;
  const event = {
    id,
    object: "event",
    account: "acct_1",
    api_version: "2026-10-28.endive",
    created: seconds - 1,
    data: { object: { id: "re_1", object: "refund", amount: 100 } },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: "refund.created",
    ...overrides,
  };
  return { id, text: JSON.stringify(event, null, 2) };
}

function thinBody(overrides: Record<string, unknown> = {}): { id: string; text: string } {
  count += 1;
  const id = `evt_thin_${count}`;
  const event = {
    id,
    object: "v2.core.event",
    type: "v1.charge.refunded",
    context: "acct_connected",
    created: new Date((seconds - 1) * 1000).toISOString(),
    livemode: false,
    related_object: { id: "ch_1", type: "charge", url: "/v1/charges/ch_1" },
    reason: { type: "request", request: { id: "req_1", idempotency_key: "key_1" } },
    ...overrides,
  };
  return { id, text: JSON.stringify(event, null, 2) };
}

function sign(payload: string, secret = "whsec_connect_new", timestamp = seconds): string {
  return stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

async function rowOf(id: string) {
  const [row] = await connection.database.select().from(stripeEvents).where(eq(stripeEvents.id, id));
  return row;
}

async function messageOf(id: string) {
  const ofEvent = eq(outboxMessages.factKey, `stripe-event:${id}`);
  const [row] = await connection.database.select().from(outboxMessages).where(ofEvent);
  return row;
}

/** As it comes: bytes, and a header. */
function delivery(text: string, signature: string | undefined = sign(text)) {
  return { rawBody: Buffer.from(text), signature };
}

async function stored() {
  const events = await connection.database.select().from(stripeEvents);
  const messages = await connection.database.select().from(outboxMessages);
  return { events: events.length, messages: messages.length };
}

describe("a message that Stripe signed", () => {
  const all = [...secrets.platform, ...secrets.connect];
  for (const secret of all) {
    test(`is stored, byte for byte, when it fits ${secret}`, async () => {
      const { id, text } = eventBody();
      const wokenBefore = woken;
      const answer = await ingestWebhook(
        dependenciesOn(connection.database),
        delivery(text, sign(text, secret)),
      );
      expect(answer).toEqual({ status: 200, body: { received: true } });
      expect(woken).toBe(wokenBefore + 1);
      const row = await rowOf(id);
      const endpoint = secret.includes("platform") ? "platform" : "connect";
      expect(row).toMatchObject({
        payload: text,
        endpoint,
        status: "received",
        shape: "snapshot",
        labels: ["unknown_account"],
        accountId: "acct_1",
      });
      const message = await messageOf(id);
      expect(message).toMatchObject({
        name: "stripe/event.received",
        data: { id },
      });
    });
  }

  test("in any number of copies at once is stored once, and each is acknowledged", async () => {
    const before = await stored();
    const bodies = Array.from({ length: 30 }, () => eventBody().text);
    const deliveries = bodies.flatMap((text) => [text, text, text]);
    const answers = await Promise.all(
      deliveries.map((text) => ingestWebhook(dependenciesOn(connection.database), delivery(text))),
    );
    expect(answers.map(({ status }) => status)).toEqual(deliveries.map(() => 200));
    expect(lines).toHaveLength(60);
    expect(lines[0]?.sentence).toBe("An event came again; nothing was changed.");
    expect(await stored()).toEqual({ events: before.events + 30, messages: before.messages + 30 });
  });

  test("may hold any text, also what PostgreSQL cannot hold", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (note) => {
        const { id, text } = eventBody({
          data: { object: { id: "re_1", note, nul: "a\u0000b", half: "\ud800" } },
        });
        const answer = await ingestWebhook(dependenciesOn(connection.database), delivery(text));
        expect(answer.status).toBe(200);
        const row = await rowOf(id);
        expect(row?.payload).toBe(text);
      }),
      { seed: 5, numRuns: 40 },
    );
  });

  test.each([
    ["other_mode", { livemode: true }, ["other_mode"]],
    ["unknown_type", { type: "payout.paid" }, ["unknown_type"]],
    [
      "all that is odd about it",
      { livemode: true, type: "payout.paid", api_version: "2019-01-01", account: "acct_none" },
      ["other_mode", "unknown_type", "unknown_api_version", "unknown_account"],
    ],
  ])("but is none of ours is kept, labelled %s, and starts nothing", async (_name, overrides, labels) => {
    const before = await stored();
    const { id, text } = eventBody({ account: null, ...overrides });
    expect((await ingestWebhook(dependenciesOn(connection.database), delivery(text))).status).toBe(200);
    expect(await rowOf(id)).toMatchObject({ status: "ignored", labels, payload: text });
    expect(await stored()).toEqual({ events: before.events + 1, messages: before.messages });
    expect(lines).toMatchObject([{ facts: { eventId: id, labels } }]);
  });

  test.each([
    ["of another API version", { api_version: "2019-01-01", account: null }, ["unknown_api_version"]],
    ["of no API version", { api_version: null, account: null }, ["unknown_api_version"]],
    ["of an account that no app has", {}, ["unknown_account"]],
    ["of an account that an app has", { account: "acct_connected" }, []],
    ["of an account that an app had", { account: "acct_former" }, []],
  ])("%s is handled, with its labels", async (_name, overrides, labels) => {
    const { id, text } = eventBody(overrides);
    await ingestWebhook(dependenciesOn(connection.database), delivery(text));
    expect(await rowOf(id)).toMatchObject({ status: "received", labels });
    expect(await messageOf(id)).toMatchObject({ data: { id } });
    expect(lines).toEqual([]);
  });

  test("is answered 503 and not acknowledged when it cannot be stored", async () => {
    const closed = connectDatabase({ connectionString: "postgres://nobody@127.0.0.1:1/none" });
    const { text } = eventBody();
    const wokenBefore = woken;
    const answer = await ingestWebhook(dependenciesOn(closed.database), delivery(text));
    expect(answer).toMatchObject({ status: 503, body: { error: { code: "database_unavailable" } } });
    expect(woken).toBe(wokenBefore);
    await closed.close();
  });
});

describe("a thin event that Stripe signed", () => {
  test("is stored with its account, type and time", async () => {
    const { id, text } = thinBody();
    expect((await ingestWebhook(dependenciesOn(connection.database), delivery(text))).status).toBe(200);
    expect(await rowOf(id)).toMatchObject({
      shape: "thin",
      type: "v1.charge.refunded",
      accountId: "acct_connected",
      apiVersion: null,
      stripeCreatedAt: new Date((seconds - 1) * 1000),
      payload: text,
      status: "received",
      labels: [],
    });
    expect(await messageOf(id)).toMatchObject({ data: { id } });
  });

  test.each([
    ["v1.account.application.deauthorized", null],
    ["v1.account.updated", { id: "acct_1", type: "account" }],
  ])("%s needs no object: its workflow is started", async (type, related_object) => {
    const { id, text } = thinBody({ type, related_object });
    expect((await ingestWebhook(dependenciesOn(connection.database), delivery(text))).status).toBe(200);
    expect(await rowOf(id)).toMatchObject({ shape: "thin", status: "received", labels: [] });
    expect(await messageOf(id)).toMatchObject({ data: { id } });
  });

  test.each([
    ["of a type of v2", { type: "v2.core.account.created" }],
    ["of a type that no workflow handles", { type: "v1.payout.paid" }],
    ["with a snapshot's type", { type: "charge.refunded" }],
    ["about what cannot be fetched", { related_object: { id: "po_1", type: "payout" } }],
    ["about nothing", { type: "v1.charge.refunded", related_object: null }],
  ])("%s is kept, and starts nothing", async (_name, overrides) => {
    const { id, text } = thinBody(overrides);
    expect((await ingestWebhook(dependenciesOn(connection.database), delivery(text))).status).toBe(200);
    expect(await rowOf(id)).toMatchObject({ shape: "thin", status: "ignored", labels: ["unknown_type"] });
    expect(await messageOf(id)).toBeUndefined();
  });
});

describe("anything else is refused, and nothing is stored", () => {
  const { text } = eventBody();
  const signed = sign(text);
  const large = JSON.stringify({ id: "evt_large", filler: "x".repeat(maximumBodyBytes) });
  const event = JSON.parse(text);
  const but = (overrides: object) => JSON.stringify({ ...event, ...overrides });
  const bodies: [string, string][] = [
    ["that is not JSON", "{"],
    ["that is empty", ""],
    ["that is no event", '{"id":"x"}'],
    ["that is a list", "[]"],
    ["that is null", "null"],
    ["without an id", but({ id: undefined })],
    ["with an id that is none", but({ id: "evt 1" })],
    ["with a NUL in its type", but({ type: "a\u0000b" })],
    ["with an account that is no text", but({ account: 5 })],
    ["of the year 275760", but({ created: 8_640_000_000_000 })],
    ["of no time", but({ created: "now" })],
    ["without data", but({ data: undefined })],
    ["with a list for an object", but({ data: { object: [] } })],
    ["of an unknown kind", but({ object: "v3.event" })],
    ["that is thin, with seconds for a time", but({ object: "v2.core.event" })],
    ["that is thin, with a word for its object", thinBody({ related_object: "ch_1" }).text],
  ];
  const signatures: [string, string, string | undefined][] = [
    ["missing", "missing", undefined],
    ["empty", "missing", ""],
    ["nonsense", "malformed", "nonsense"],
    ["without a time", "malformed", signed.replace(/t=\d+,/, "")],
    ["of a time that is none", "malformed", signed.replace(/t=\d+/, "t=soon")],
    ["of another scheme", "malformed", signed.replace("v1=", "v0=")],
    ["of another body", "of_no_secret", sign(`${text} `)],
    ["under a secret that is not ours", "of_no_secret", sign(text, "whsec_somebody_else")],
    ["of a time changed after signing", "of_no_secret", signed.replace(/t=\d+/, `t=${seconds - 5}`)],
    ["of 301 seconds ago", "old", sign(text, undefined, seconds - 301)],
    ["of 301 seconds ahead", "future", sign(text, undefined, seconds + 301)],
  ];

  test.each(signatures)("a signature %s", async (_name, why, signature) => {
    const before = await stored();
    const input = { rawBody: Buffer.from(text), signature };
    const answer = await ingestWebhook(dependenciesOn(connection.database), input);
    const error = { code: "webhook_signature_invalid", message: expect.any(String) };
    expect(answer).toMatchObject({ status: 400, body: { error } });
    expect(await stored()).toEqual(before);
    expect(lines).toMatchObject([{ facts: { why } }]);
  });

  test.each(bodies)("a signed body %s", async (_name, body) => {
    const before = await stored();
    const answer = await ingestWebhook(dependenciesOn(connection.database), delivery(body));
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "webhook_body_invalid" } } });
    expect(await stored()).toEqual(before);
    expect(lines).toHaveLength(1);
  });

  test("a signed body that is not UTF-8", async () => {
    const rawBody = Buffer.from(text);
    rawBody[rawBody.indexOf("refund")] = 0xff;
    const mac = createHmac("sha256", "whsec_connect_new").update(`${seconds}.`).update(rawBody).digest("hex");
    const input = { rawBody, signature: `t=${seconds},v1=${mac}` };
    const answer = await ingestWebhook(dependenciesOn(connection.database), input);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "webhook_body_invalid" } } });
  });

  test("a body over 1 MiB", async () => {
    const answer = await ingestWebhook(dependenciesOn(connection.database), delivery(large));
    expect(answer).toMatchObject({ status: 413, body: { error: { code: "webhook_body_too_large" } } });
    expect(lines).toHaveLength(1);
  });

  test.each([-300, 300])("but not a signature %i seconds from now", async (distance) => {
    const fresh = eventBody().text;
    const input = delivery(fresh, sign(fresh, undefined, seconds + distance));
    expect((await ingestWebhook(dependenciesOn(connection.database), input)).status).toBe(200);
  });

  test("nor one of several, of which one fits", async () => {
    const fresh = eventBody().text;
    const signature = `${sign(fresh, "whsec_somebody_else")},v0=x,${sign(fresh).split(",")[1]}`;
    const input = delivery(fresh, signature);
    expect((await ingestWebhook(dependenciesOn(connection.database), input)).status).toBe(200);
  });

  test("any header that Stripe's secret did not make", async () => {
    const before = await stored();
    const mac = fc.stringMatching(/^[0-9a-f]{64}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          mac.map((hex) => `t=${seconds},v1=${hex}`),
        ),
        async (signature) => {
          const answer = await ingestWebhook(dependenciesOn(connection.database), delivery(text, signature));
          expect(answer.status).toBe(400);
        },
      ),
      { seed: 6, numRuns: 100 },
    );
    expect(await stored()).toEqual(before);
  });
});
