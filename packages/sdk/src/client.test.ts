import { once } from "node:events";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createClient, ReportError } from "./client.ts";
import { testSecret } from "./testing.ts";

// What an app reports is signed so that any Standard Webhooks library believes it, and each failure says whether to
// try again.
const secret = testSecret();
const seen: { path: string | undefined; body: unknown }[] = [];
let answer: { status: number; body: string } | "silence" = { status: 200, body: "{}" };
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  seen.push({ path: request.url, body: new Webhook(secret).verify(body, headers) });
  if (answer !== "silence") response.writeHead(answer.status).end(answer.body);
});
let redressUrl: string;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  redressUrl = `http://127.0.0.1:${address.port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});
beforeEach(() => void seen.splice(0));

const client = (options: { timeoutMs?: number } = {}) =>
  createClient({ redressUrl: `${redressUrl}/`, app: "type-school", secret, ...options });

it("reports purchases and access", async () => {
  answer = { status: 200, body: '{"purchase_id":"pur_1"}' };
  expect(await client().reportPurchase({ stripeChargeId: "ch_1", orderNumber: "Ä-1" })).toEqual({
    purchaseId: "pur_1",
  });
  await client().reportAccess({ notificationId: "ntf_1", status: "declined", reason: "sold on" });
  expect(seen).toEqual([
    {
      path: "/api/v1/apps/type-school/purchases",
      body: { type: "purchase.reported", data: { stripe_charge_id: "ch_1", order_number: "Ä-1" } },
    },
    {
      path: "/api/v1/apps/type-school/access",
      body: {
        type: "access.reported",
        data: { notification_id: "ntf_1", status: "declined", reason: "sold on" },
      },
    },
  ]);
});

it.each([
  [
    "not yet known",
    404,
    '{"error":{"code":"purchase_not_found","message":"Not yet."}}',
    "purchase_not_found",
    true,
  ],
  ["wrong input", 400, '{"error":{"code":"invalid_input","message":"No."}}', "invalid_input", false],
  ["a proxy's page", 502, "<html>", "unexpected_answer", true],
  ["garbage", 400, "null", "unexpected_answer", false],
])("%s", async (_, status, body, code, isTemporary) => {
  answer = { status, body };
  const error = await client()
    .reportPurchase({ stripeChargeId: "ch_1" })
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ReportError);
  expect(error).toMatchObject({ status, code, isTemporary });
});

it("does not wait for ever", async () => {
  answer = "silence";
  await expect(
    client({ timeoutMs: 50 }).reportAccess({ notificationId: "n", status: "done" }),
  ).rejects.toMatchObject({
    code: "unreachable",
    isTemporary: true,
  });
});
