import { createServer, type ServerResponse } from "node:http";
import Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { classifyStripeError, type StripeOutcome } from "./classify-error.ts";
import { classifyOAuthError } from "./classify-oauth-error.ts";
import { createStripeClient } from "./client.ts";

/** Answers every request as the test says, on the wire: the errors are the SDK's own. */
let answer: (response: ServerResponse) => void;
let requests: string[] = [];
const server = createServer((request, response) => {
  requests.push(`${request.method} ${request.url}`);
  request.resume().on("end", () => answer(response));
});
let origin: string;

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  origin = `http://127.0.0.1:${address.port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
});

const stripe = () => createStripeClient({ secretKey: "sk_test_platform", apiOrigin: origin });
const refund = (options: { timeout?: number } = {}) =>
  stripe().refunds.create({ charge: "ch_1", amount: 100 }, { stripeAccount: "acct_1", ...options });

function json(status: number, body: unknown, headers: Record<string, string> = {}): typeof answer {
  return (response) => {
    response.writeHead(status, { "Content-Type": "application/json", "Request-Id": "req_1", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

function invalid(members: Record<string, unknown>) {
  return { error: { type: "invalid_request_error", message: "Stripe's sentence.", ...members } };
}

async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("the call succeeded");
}

const outcomeOf = async (call = refund) => classifyStripeError(await thrownBy(call));

const replayed = { "Idempotent-Replayed": "true" };
const unknown = (reason: string, alarm = false, storedAnswer = false) => ({
  kind: "unknown",
  reason,
  alarm,
  storedAnswer,
});
const refused = (code: string) => ({ kind: "refused", code });

/** Rows of the contract: what Stripe answers, and what that means for a refund. */
const rows: [string, typeof answer, object][] = [
  // Keys and permissions
  ["no or wrong key", json(401, invalid({})), unknown("authentication", true)],
  ["expired key", json(401, invalid({ code: "api_key_expired" })), unknown("authentication", true)],
  // Whatever the status: such a code speaks of our key, never of the refund.
  ["expired key as 400", json(400, invalid({ code: "api_key_expired" })), unknown("authentication", true)],
  [
    "expired platform key as 400",
    json(400, invalid({ code: "platform_api_key_expired" })),
    unknown("authentication", true),
  ],
  [
    "publishable key as 400",
    json(400, invalid({ code: "secret_key_required" })),
    unknown("authentication", true),
  ],
  [
    "key of no platform as 400",
    json(400, invalid({ code: "platform_account_required" })),
    unknown("authentication", true),
  ],
  ["publishable key", json(401, invalid({ code: "secret_key_required" })), unknown("authentication", true)],
  [
    "key of no platform",
    json(403, invalid({ code: "platform_account_required" })),
    unknown("authentication", true),
  ],
  [
    "key of the other mode",
    json(400, invalid({ code: "livemode_mismatch" })),
    unknown("authentication", true),
  ],
  ["account out of reach", json(403, invalid({ code: "account_invalid" })), { kind: "no_access" }],
  ["restricted key or read_only scope", json(403, invalid({})), refused("not_authorized_to_refund")],
  // Generic
  ["unknown address", json(404, invalid({})), unknown("unexpected_answer", true)],
  [
    "missing charge",
    json(404, invalid({ code: "resource_missing", param: "id" })),
    refused("charge_not_found"),
  ],
  [
    "missing payment intent",
    json(404, invalid({ code: "resource_missing", param: "payment_intent" })),
    refused("resource_missing"),
  ],
  [
    "unknown param",
    json(400, invalid({ code: "parameter_unknown", param: "x" })),
    refused("parameter_unknown"),
  ],
  ["missing param", json(400, invalid({ code: "parameter_missing" })), refused("parameter_missing")],
  ["bad Stripe-Version", json(400, invalid({})), refused("invalid_request")],
  // Not Stripe's words: something on the way, which knows nothing of what became of the call
  ["a gateway's 403", json(403, { error: "forbidden" }), unknown("unexpected_answer", true)],
  ["a gateway's 400", json(400, { error: { message: "…" } }), unknown("unexpected_answer", true)],
  [
    "a 4xx that is Stripe's own fault",
    json(400, { error: { type: "api_error" } }),
    unknown("unexpected_answer", true),
  ],
  ["a gateway's 429", json(429, { error: "slow" }), unknown("unexpected_answer", true)],
  ["a gateway's 429 as text", json(429, "slow down"), unknown("invalid_response")],
  ["a gateway's 409", json(409, { error: { message: "…" } }), unknown("unexpected_answer", true)],
  [
    "a gateway's 429 with a code of Stripe's",
    json(429, { error: { code: "rate_limit" } }),
    unknown("unexpected_answer", true),
  ],
  ["a lock that a 5xx speaks of", json(500, invalid({ code: "lock_timeout" })), unknown("server_error")],
  // Refunds
  [
    "amount above the remainder",
    json(400, invalid({ param: "amount" })),
    refused("amount_exceeds_remaining"),
  ],
  [
    "amount 0",
    json(400, invalid({ code: "parameter_invalid_integer", param: "amount" })),
    refused("parameter_invalid_integer"),
  ],
  [
    "amount too large",
    json(400, invalid({ code: "amount_too_large", param: "amount" })),
    refused("amount_too_large"),
  ],
  [
    "a bad value of the charge",
    json(400, invalid({ code: "parameter_invalid_empty", param: "charge" })),
    refused("parameter_invalid_empty"),
  ],
  [
    "a charge that is not there, by its other parameter",
    json(404, invalid({ code: "resource_missing", param: "charge" })),
    refused("charge_not_found"),
  ],
  [
    "a card's refusal",
    json(402, { error: { type: "card_error", code: "card_declined" } }),
    refused("card_declined"),
  ],
  ["bad reason", json(400, invalid({ param: "reason" })), refused("invalid_request")],
  ["nothing left", json(400, invalid({ code: "charge_already_refunded" })), { kind: "already_refunded" }],
  ["charged back", json(400, invalid({ code: "charge_disputed" })), { kind: "disputed" }],
  [
    "charged back, its other name",
    json(400, invalid({ code: "refund_disputed_payment" })),
    { kind: "disputed" },
  ],
  ["not refundable", json(400, invalid({ code: "charge_not_refundable" })), refused("charge_not_refundable")],
  ["balance", json(402, invalid({ code: "balance_insufficient" })), refused("balance_insufficient")],
  [
    "a refusal from Stripe's memory",
    json(400, invalid({ code: "charge_not_refundable" }), replayed),
    { ...refused("charge_not_refundable"), replayed: true },
  ],
  // Idempotency
  [
    "same key, other parameters",
    json(400, { error: { type: "idempotency_error", message: "Keys …" } }),
    unknown("idempotency_mismatch", true),
  ],
  [
    "key in use",
    json(409, invalid({ code: "idempotency_key_in_use" })),
    { kind: "later", retryAfterMs: null },
  ],
  [
    "key in use, its other type",
    json(409, { error: { type: "idempotency_error", message: "…" } }),
    { kind: "later", retryAfterMs: null },
  ],
  // Limits and locks
  ["rate limit", json(429, invalid({ code: "rate_limit" })), { kind: "later", retryAfterMs: null }],
  [
    "rate limit, old status",
    json(400, invalid({ code: "rate_limit" })),
    { kind: "later", retryAfterMs: null },
  ],
  [
    "object locked, with a wish",
    json(429, invalid({ code: "lock_timeout" }), { "Retry-After": "2" }),
    { kind: "later", retryAfterMs: 2000 },
  ],
  ["a limit without a code", json(429, invalid({})), { kind: "later", retryAfterMs: null }],
  [
    "object locked, another status",
    json(400, invalid({ code: "lock_timeout" })),
    { kind: "later", retryAfterMs: null },
  ],
  [
    "a wish to come at once",
    json(429, invalid({}), { "Retry-After": "0" }),
    { kind: "later", retryAfterMs: 0 },
  ],
  [
    "a wish of the past",
    json(429, invalid({}), { "Retry-After": "-5" }),
    { kind: "later", retryAfterMs: null },
  ],
  [
    "a wish in other words",
    json(429, invalid({}), { "Retry-After": "soon" }),
    { kind: "later", retryAfterMs: null },
  ],
  // Nobody knows
  ["500", json(500, { error: { type: "api_error", message: "…" } }), unknown("server_error")],
  [
    "500 that Stripe keeps",
    json(500, { error: { type: "api_error", message: "…" } }, replayed),
    unknown("server_error", false, true),
  ],
  ["424", json(424, { error: { type: "api_error", message: "…" } }), unknown("server_error")],
  ["a proxy's page", json(502, "<html>Bad gateway</html>"), unknown("invalid_response")],
  ["a status of no contract", json(418, invalid({})), unknown("unexpected_answer", true)],
  ["connection lost after the request", (response) => response.destroy(), unknown("connection")],
  [
    "answer cut in the middle",
    (response) => {
      response.writeHead(200, { "Content-Length": "1000" });
      response.write('{"id":');
      setImmediate(() => response.destroy());
    },
    unknown("connection"),
  ],
];

describe("what Stripe's answer means for a refund", () => {
  test.each(rows)("%s", async (_name, reply, outcome) => {
    answer = reply;
    expect(await outcomeOf()).toMatchObject(outcome);
  });

  test("no answer in time is unknown, and the client did not send it again by itself", async () => {
    answer = () => {};
    expect(await outcomeOf(() => refund({ timeout: 500 }))).toMatchObject(unknown("timeout"));
    answer = (response) => response.destroy();
    await outcomeOf();
    expect(requests).toHaveLength(2);
  });

  test("a port where nobody listens is unknown", async () => {
    const nobody = createStripeClient({ secretKey: "sk_test_platform", apiOrigin: "http://127.0.0.1:1" });
    expect(await outcomeOf(() => nobody.refunds.create({ charge: "ch_1" }))).toMatchObject(
      unknown("connection"),
    );
  });

  test("something else that was thrown is unknown and our fault", () => {
    expect(classifyStripeError(new TypeError("defect"))).toEqual({
      ...unknown("unexpected_answer", true),
      ...{ httpStatus: null, stripeCode: null, requestId: null, message: "defect", replayed: false },
    });
  });

  test.each([
    ["ETIMEDOUT", "timeout"],
    ["ECONNRESET", "connection"],
  ])("the transport's %s is a %s", (code, reason) => {
    const detail = Object.assign(new Error("transport"), { code });
    const error = new Stripe.errors.StripeConnectionError({ message: "…", type: "api_error", detail });
    expect(classifyStripeError(error)).toMatchObject(unknown(reason));
  });

  test("what Stripe said is kept beside the kind", async () => {
    answer = json(400, invalid({ code: "charge_disputed" }));
    expect(await outcomeOf()).toEqual({
      kind: "disputed",
      httpStatus: 400,
      stripeCode: "charge_disputed",
      requestId: "req_1",
      message: "Stripe's sentence.",
      replayed: false,
    } satisfies StripeOutcome);
  });

  test("a reworded message changes nothing", async () => {
    answer = json(400, invalid({ param: "amount", message: "Charge ch_1 has already been refunded." }));
    expect(await outcomeOf()).toMatchObject(refused("amount_exceeds_remaining"));
  });
});

describe("what Stripe's answer means for an OAuth code", () => {
  const token = () => stripe().oauth.token({ grant_type: "authorization_code", code: "ac_1" });
  const cases: [number, string][] = [
    [400, "invalid_request"],
    [401, "invalid_client"],
    [400, "invalid_grant"],
    [400, "invalid_scope"],
    [400, "unsupported_grant_type"],
    [400, "unsupported_response_type"],
    [400, "no_deauth_on_controlled_account"],
  ];
  test.each(cases)("%i %s is an answer", async (status, code) => {
    answer = json(status, { error: code, error_description: "Stripe's sentence." });
    expect(classifyOAuthError(await thrownBy(token))).toEqual({
      kind: "refused",
      code,
      message: "Stripe's sentence.",
    });
  });

  test.each<[string, typeof answer]>([
    ["a lost connection", (response) => response.destroy()],
    ["a 500", json(500, { error: { type: "api_error", message: "…" } })],
    ["a rate limit", json(429, invalid({ code: "rate_limit" }))],
  ])("%s is none, and the code was sent once", async (_name, reply) => {
    answer = reply;
    expect(classifyOAuthError(await thrownBy(token)).kind).toBe("unknown");
    expect(requests).toEqual(["POST /oauth/token"]);
  });
});
