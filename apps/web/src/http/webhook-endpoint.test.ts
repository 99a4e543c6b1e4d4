import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createSecretBox } from "@redress/core/secret-box";
import { ingestWebhook, maximumBodyBytes } from "@redress/core/webhooks/ingest";
import { connectDatabase, type DatabaseConnection, stripeEvents } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerWebhook, answerWebhookRequest } from "./webhook-endpoint.ts";

// The endpoint is mounted twice, in front of Next.js and as its route: both answer the same.
let testDatabase: TestDatabase;
let connection: DatabaseConnection;
const away = connectDatabase({ connectionString: "postgres://nobody@127.0.0.1:1/none" });
const now = new Date("2026-11-23T12:00:00Z");
const secret = "whsec_connect";
const lines: string[] = [];
const note = (_: object, sentence: string) => void lines.push(sentence);

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString });
});
afterAll(async () => {
  await connection.close();
  await away.close();
  await testDatabase.drop();
});

function endpointOn({ database }: DatabaseConnection) {
  const stripe = {
    clientId: "ca_1",
    publishableKey: "pk_test_1",
    connectOrigin: "https://connect.stripe.com",
    platformWebhookSecrets: [],
    connectWebhookSecrets: [secret],
  };
  const dependencies = {
    database,
    clock: { now: () => now },
    random: { bytes: (count: number) => randomBytes(count) },
    secrets: createSecretBox("a key for tests that is long enough"),
    logger: { debug: note, info: note, warn: note, error: note },
    settings: { publicUrl: "http://localhost:3000", mode: "test" as const, eventRetentionDays: 90, stripe },
    wakeOutbox: () => {},
  };
  const ingest = (input: Parameters<typeof ingestWebhook>[1]) => ingestWebhook(dependencies, input);
  return { ingest, dependencies };
}

type Body = string | ReadableStream<Uint8Array>;
type Endpoint = ReturnType<typeof endpointOn>;
/** A body that is a stream has to say `duplex`, which the types do not know. */
const initOf = (body: Body, signature: string | undefined) => ({
  method: "POST",
  body,
  duplex: "half",
  headers: new Headers(signature === undefined ? {} : { "Stripe-Signature": signature }),
});

async function throughServer(endpoint: Endpoint, body: Body, signature?: string): Promise<Response> {
  const server = createServer((request, response) => void answerWebhook(endpoint, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  try {
    return await fetch(`http://127.0.0.1:${port}/`, initOf(body, signature));
  } finally {
    server.close();
  }
}

function throughRoute(endpoint: Endpoint, body: Body, signature?: string): Promise<Response> {
  const request = new Request("http://localhost/", initOf(body, signature));
  return answerWebhookRequest(endpoint, request, (answer, added) =>
    Response.json(answer.body, { status: answer.status, headers: added }),
  );
}

let count = 0;
function event(): string {
  count += 1;
  const facts = { id: `evt_${count}`, object: "event", type: "refund.created", created: 1, livemode: false };
  return JSON.stringify({ ...facts, data: { object: { note: "ä\u0000" } } }, null, 2);
}

function sign(body: string): string {
  const seconds = now.getTime() / 1000;
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}

const streamed = (bytes: number) =>
  new ReadableStream<Uint8Array>({
    pull(controller) {
      for (let sent = 0; sent < bytes; sent += 65_536) controller.enqueue(new Uint8Array(65_536));
      controller.close();
    },
  });

describe.each([
  ["in front of Next.js", throughServer],
  ["as a route of Next.js", throughRoute],
])("the endpoint %s", (_name, send) => {
  test("takes what Stripe signed", async () => {
    const before = await connection.database.$count(stripeEvents);
    const body = event();
    const answer = await send(endpointOn(connection), body, sign(body));
    expect([answer.status, await answer.json()]).toEqual([200, { received: true }]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await connection.database.$count(stripeEvents)).toBe(before + 1);
  });

  const large = () => "x".repeat(maximumBodyBytes + 1);
  const endless = () => streamed(2 * maximumBodyBytes);
  const anHourAgo = `t=${now.getTime() / 1000 - 3600},v1=${"0".repeat(64)}`;
  test.each([
    ["unsigned", () => event(), undefined, 400, "webhook_signature_invalid"],
    ["unsigned and endless: it is not read", endless, undefined, 400, "webhook_signature_invalid"],
    ["old and endless: it is not read", endless, anHourAgo, 400, "webhook_signature_invalid"],
    ["too large", large, sign(""), 413, "webhook_body_too_large"],
    ["too large, of unknown length", endless, sign(""), 413, "webhook_body_too_large"],
  ])("refuses what is %s, with one line in the log", async (_kind, body, signature, status, code) => {
    lines.length = 0;
    const answer = await send(endpointOn(connection), body(), signature);
    expect([answer.status, await answer.json()]).toMatchObject([status, { error: { code } }]);
    expect(lines).toHaveLength(1);
  });

  test("says when to come again where nothing can be stored", async () => {
    const body = event();
    const answer = await send(endpointOn(away), body, sign(body));
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { error: { code: "database_unavailable" } },
    ]);
    expect(answer.headers.get("retry-after")).toBe("5");
  });
});

test("a body that breaks off on its way to the route is incomplete", async () => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(10)),
    pull: (controller) => controller.error(new Error("gone")),
  });
  const answer = await throughRoute(endpointOn(connection), body, sign(""));
  expect([answer.status, await answer.json()]).toMatchObject([
    400,
    { error: { code: "webhook_body_incomplete" } },
  ]);
});
