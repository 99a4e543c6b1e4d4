import {
  connectDatabase,
  type Database,
  type DatabaseConnection,
  outboxMessages,
  stripeEvents,
} from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dependencies } from "../dependencies.ts";
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
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString });
});
afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

function dependenciesOn(
  database: Database,
  mode: "live" | "test" = "test",
): Pick<Dependencies, "database" | "clock" | "random" | "logger" | "settings" | "stripe" | "wakeOutbox"> {
  return {
    database,
    stripe,
    clock: { now: () => now },
    random: seededRandom(1),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    settings: {
      publicUrl: "https://refunds.example.com",
      mode,
      stripe: {
        clientId: "ca_1",
        publishableKey: "pk_test_1",
        connectOrigin: "https://connect.stripe.com",
        platformWebhookSecrets: secrets.platform,
        connectWebhookSecrets: secrets.connect,
      },
    },
    wakeOutbox: () => {
      woken += 1;
    },
  };
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

function sign(payload: string, secret = "whsec_connect_new", timestamp = seconds): string {
  return stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
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
      const answer = await ingestWebhook(dependenciesOn(connection.database), {
        rawBody: Buffer.from(text),
        signature: sign(text, secret),
      });
      expect(answer).toEqual({ status: 200, body: { received: true } });
      expect(woken).toBe(wokenBefore + 1);
      const [row] = await connection.database.select().from(stripeEvents).where(eq(stripeEvents.id, id));
      const endpoint = secret.includes("platform") ? "platform" : "connect";
      expect(row).toMatchObject({
        payload: text,
        endpoint,
        status: "received",
        labels: [],
        accountId: "acct_1",
      });
      const [message] = await connection.database
        .select()
        .from(outboxMessages)
        .where(eq(outboxMessages.factKey, `stripe-event:${id}`));
      expect(message).toMatchObject({
        name: "stripe/event.received",
        data: {
          id,
          type: "refund.created",
          data: { object: { id: "re_1", object: "refund", amount: 100 } },
          accountId: "acct_1",
          created: seconds - 1,
          livemode: false,
        },
      });
    });
  }

  test("in any number of copies at once is stored once, and each is acknowledged", async () => {
    const before = await stored();
    const bodies = Array.from({ length: 30 }, () => eventBody().text);
    const deliveries = bodies.flatMap((text) => [text, text, text]);
    const answers = await Promise.all(
      deliveries.map((text) =>
        ingestWebhook(dependenciesOn(connection.database), { rawBody: text, signature: sign(text) }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(deliveries.map(() => 200));
    expect(await stored()).toEqual({ events: before.events + 30, messages: before.messages + 30 });
  });

  test("may hold any text, also what PostgreSQL cannot hold", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (note) => {
        const { id, text } = eventBody({
          data: { object: { id: "re_1", note, nul: "a\u0000b", half: "\ud800" } },
        });
        const answer = await ingestWebhook(dependenciesOn(connection.database), {
          rawBody: Buffer.from(text),
          signature: sign(text),
        });
        expect(answer.status).toBe(200);
        const [row] = await connection.database.select().from(stripeEvents).where(eq(stripeEvents.id, id));
        expect(row?.payload).toBe(text);
      }),
      { seed: 5, numRuns: 40 },
    );
  });

  test.each([
    ["other_mode", { livemode: true }],
    ["unknown_type", { type: "payout.paid" }],
  ])("but is none of ours is kept, labelled %s, and starts nothing", async (label, overrides) => {
    const before = await stored();
    const { id, text } = eventBody(overrides);
    const input = { rawBody: text, signature: sign(text) };
    expect((await ingestWebhook(dependenciesOn(connection.database), input)).status).toBe(200);
    const [row] = await connection.database.select().from(stripeEvents).where(eq(stripeEvents.id, id));
    expect(row).toMatchObject({ status: "ignored", labels: [label] });
    expect(await stored()).toEqual({ events: before.events + 1, messages: before.messages });
  });

  test("is answered 503 and not acknowledged when it cannot be stored", async () => {
    const closed = connectDatabase({ connectionString: "postgres://nobody@127.0.0.1:1/none" });
    const { text } = eventBody();
    const wokenBefore = woken;
    const answer = await ingestWebhook(dependenciesOn(closed.database), {
      rawBody: text,
      signature: sign(text),
    });
    expect(answer).toMatchObject({ status: 503, body: { error: { code: "database_unavailable" } } });
    expect(woken).toBe(wokenBefore);
    await closed.close();
  });
});

describe("anything else is refused, and nothing is stored", () => {
  const { text } = eventBody();
  const signed = sign(text);
  const large = JSON.stringify({ id: "evt_large", filler: "x".repeat(maximumBodyBytes) });
  const cases: [string, 400 | 413, Parameters<typeof ingestWebhook>[1]][] = [
    ["no signature", 400, { rawBody: text, signature: undefined }],
    ["an empty signature", 400, { rawBody: text, signature: "" }],
    ["no signature at all in the header", 400, { rawBody: text, signature: "nonsense" }],
    ["a secret that is not ours", 400, { rawBody: text, signature: sign(text, "whsec_somebody_else") }],
    ["a body changed by one byte", 400, { rawBody: `${text} `, signature: signed }],
    [
      "a signature of 301 seconds ago",
      400,
      { rawBody: text, signature: sign(text, undefined, seconds - 301) },
    ],
    [
      "a time changed after signing",
      400,
      { rawBody: text, signature: signed.replace(/t=\d+/, `t=${seconds - 5}`) },
    ],
    ["a signed body that is not JSON", 400, { rawBody: "{", signature: sign("{") }],
    ["a signed body that is no event", 400, { rawBody: '{"id":"x"}', signature: sign('{"id":"x"}') }],
    ["a body over 1 MiB", 413, { rawBody: large, signature: sign(large) }],
    [
      "a body announced as over 1 MiB",
      413,
      { rawBody: text, signature: signed, contentLength: maximumBodyBytes + 1 },
    ],
  ];
  test.each(cases)("%s → %i", async (_name, status, input) => {
    const before = await stored();
    const answer = await ingestWebhook(dependenciesOn(connection.database), input);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: { message: expect.any(String) } });
    expect(await stored()).toEqual(before);
  });

  test("a signature of 300 seconds ago still passes", async () => {
    const fresh = eventBody().text;
    const input = { rawBody: fresh, signature: sign(fresh, undefined, seconds - 300) };
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
          const answer = await ingestWebhook(dependenciesOn(connection.database), {
            rawBody: text,
            signature,
          });
          expect(answer.status).toBe(400);
        },
      ),
      { seed: 6, numRuns: 100 },
    );
    expect(await stored()).toEqual(before);
  });
});
