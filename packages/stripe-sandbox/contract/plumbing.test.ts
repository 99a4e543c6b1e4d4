// Keys, headers, parameters and errors of every request, against Stripe's documented behaviour.
import { describe, expect, test } from "vitest";
import { pay } from "./payment.ts";
import { newKey, openTarget, type RawRequest, refusal, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe, on } = target;
const paid = await pay(target, { metadata: { order: "A-1", colour: "red" } });
const onAccount = (method: string, path: string, request: RawRequest = {}) =>
  target.raw(method, path, { account: target.account, ...request });
const metadataOf = async (charge: string) => (await stripe.charges.retrieve(charge, {}, on)).metadata;

describe("keys", () => {
  test("2.1 Bearer and Basic (key as user) are the same", async () => {
    const basic = await target.raw("GET", "/v1/account", {
      authorization: `Basic ${btoa(`${target.key}:`)}`,
    });
    expect(basic.status).toBe(200);
    expect(basic.json).toMatchObject({ object: "account" });
    expect(basic.text).toBe((await target.raw("GET", "/v1/account")).text);
  });

  test("2.4 no key → 401", async () => {
    const answer = await target.raw("GET", "/v1/charges", { authorization: null });
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({
      error: {
        type: "invalid_request_error",
        message: expect.stringMatching(/You did not provide an API key/),
      },
    });
    expect(answer.headers.get("request-id")).toMatch(/^req_/);
  });

  test("2.4 wrong key → 401, starred in the message", async () => {
    const key = "sk_test_contractsuitewrongkeyabcd";
    const failure = await refusal(target.client(key).charges.list());
    expect(failure).toMatchObject({
      as: "StripeAuthenticationError",
      status: 401,
      type: "invalid_request_error",
      message: expect.stringMatching(/Invalid API Key provided: sk_test_\*+abcd/),
      requestId: expect.stringMatching(/^req_/),
    });
    expect(failure.message).not.toContain(key);
  });

  sandboxOnly("2.4 publishable key on a secret endpoint → secret_key_required", async () => {
    const { publishableKey } = await target.admin.platform();
    const failure = await refusal(target.client(publishableKey).refunds.list());
    expect(failure.code).toBe("secret_key_required");
    expect([401, 403]).toContain(failure.status);
  });

  test("9 the key is checked before the route", async () => {
    expect((await target.raw("GET", "/v1/nonsense", { authorization: null })).status).toBe(401);
  });

  test("9 without Stripe-Account the platform's own objects are meant", async () => {
    expect((await target.raw("GET", "/v1/account")).json).not.toMatchObject({ id: target.account });
    expect((await onAccount("GET", "/v1/account")).json).toMatchObject({ id: target.account });
  });

  sandboxOnly("1.2 a connected account's own key acts on that account", async () => {
    const merchant = await target.admin.newAccount();
    const own = target.client(merchant.secretKey);
    const { charge } = await pay(target, {}, { stripeAccount: merchant.id });
    const refund = await own.refunds.create({ charge, amount: 100 });
    expect((await stripe.refunds.retrieve(refund.id, {}, { stripeAccount: merchant.id })).amount).toBe(100);
  });
});

describe("response headers", () => {
  test("2.2 on a first POST", async () => {
    const key = newKey();
    const { status, headers } = await onAccount("POST", `/v1/charges/${paid.charge}`, {
      body: "metadata[a]=1",
      headers: { "Idempotency-Key": key, "Stripe-Version": "2026-10-28.endive" },
    });
    expect(status).toBe(200);
    const id = headers.get("request-id");
    expect(id).toMatch(/^req_/);
    expect(headers.get("original-request")).toBe(id);
    expect(headers.get("idempotency-key")).toBe(key);
    expect(headers.get("idempotent-replayed")).toBeNull();
    expect(headers.get("stripe-version")).toBe("2026-10-28.endive");
    expect(headers.get("stripe-account")).toBe(target.account);
    expect(headers.get("content-type")).toMatch(/^application\/json/);
    expect(headers.get("cache-control")).toMatch(/no-cache.*no-store/);
    expect(headers.get("stripe-should-retry") ?? "false").toBe("false");
    expect(headers.get("stripe-notice")).toBeNull();
  });

  test("2.2 no Stripe-Account echo without the header, no key echo on GET", async () => {
    const { headers } = await target.raw("GET", "/v1/charges", { headers: { "Idempotency-Key": newKey() } });
    expect(headers.get("stripe-account")).toBeNull();
    expect(headers.get("idempotent-replayed")).toBeNull();
  });

  test.each(["2025-03-31.basil", "2026-08-26.dahlia"])(
    "2.2 the version asked for is echoed: %s",
    async (version) => {
      const { status, headers } = await target.raw("GET", "/v1/charges", {
        headers: { "Stripe-Version": version },
      });
      expect({ status, version: headers.get("stripe-version") }).toEqual({ status: 200, version });
    },
  );

  test("2.2 each request has its own Request-Id", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => target.raw("GET", "/v1/charges")));
    expect(new Set(answers.map(({ headers }) => headers.get("request-id"))).size).toBe(3);
  });

  test("2.2 the SDK shows them as lastResponse", async () => {
    const idempotencyKey = newKey();
    const { lastResponse } = await stripe.charges.update(
      paid.charge,
      { metadata: { a: "1" } },
      { ...on, idempotencyKey },
    );
    expect(lastResponse).toMatchObject({
      statusCode: 200,
      requestId: expect.stringMatching(/^req_/),
      apiVersion: "2026-10-28.endive",
      stripeAccount: target.account,
      idempotencyKey,
    });
  });

  test("2.3 an error carries requestId, headers, statusCode and raw", async () => {
    const { error } = await refusal(stripe.charges.retrieve("ch_none", {}, on));
    expect(error.headers).toMatchObject({ "request-id": error.requestId });
    expect(error.raw).toMatchObject({ code: "resource_missing" });
  });
});

describe("parameters", () => {
  test.each([
    ["literal brackets", "metadata[wire]=literal", "literal"],
    ["encoded brackets", "metadata%5Bwire%5D=encoded", "encoded"],
    ["plus and percent", "metadata[wire]=a+b%26c%3Dd%C3%BC", "a b&c=dü"],
  ])("2.1 %s are understood", async (_way, body, value) => {
    const answer = await onAccount("POST", `/v1/charges/${paid.charge}`, { body });
    expect(answer.json).toMatchObject({ metadata: { wire: value } });
  });

  test.each(["expand[0]=payment_intent", "expand[]=payment_intent", "expand%5B%5D=payment_intent"])(
    "2.1 %s expands",
    async (query) => {
      const answer = await onAccount("GET", `/v1/charges/${paid.charge}?${query}`);
      expect(answer.json).toMatchObject({ payment_intent: { id: paid.intent, object: "payment_intent" } });
    },
  );

  test("2.1 metadata is merged; null clears a key", async () => {
    const { charge } = await pay(target, { metadata: { keep: "1", drop: "2" } });
    await stripe.charges.update(charge, { metadata: { drop: null, more: "3" } }, on);
    expect(await metadataOf(charge)).toEqual({ keep: "1", more: "3" });
  });

  test("2.1 metadata: null clears all of it", async () => {
    const { charge } = await pay(target, { metadata: { a: "1", b: "2" } });
    await stripe.charges.update(charge, { metadata: "" }, on);
    expect(await metadataOf(charge)).toEqual({});
  });

  test("2.1 booleans and numbers travel as text", async () => {
    const body =
      "amount=1234&currency=usd&confirm=true&payment_method=pm_card_visa&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never&expand[]=latest_charge";
    const answer = await onAccount("POST", "/v1/payment_intents", { body });
    expect(answer.json).toMatchObject({
      amount: 1234,
      status: "succeeded",
      latest_charge: { captured: true },
    });
  });
});

describe("error envelope", () => {
  test("2.3 an error with a code links its page", async () => {
    const answer = await onAccount("GET", "/v1/refunds/re_none");
    expect(answer.json).toEqual({
      error: {
        type: "invalid_request_error",
        code: "resource_missing",
        doc_url: "https://stripe.com/docs/error-codes/resource-missing",
        message: expect.any(String),
        param: "refund",
        request_log_url: expect.stringMatching(/^https:\/\/dashboard\.stripe\.com\//),
      },
    });
  });

  test("2.3 an error without a code has no doc_url", async () => {
    const { json } = await onAccount("POST", "/v1/refunds", { body: "" });
    expect(json).toMatchObject({ error: { type: "invalid_request_error", message: expect.any(String) } });
    expect(json).not.toHaveProperty("error.doc_url");
    expect(json).not.toHaveProperty("error.code");
    expect(json).not.toHaveProperty("error.param");
  });

  test("2.3 a declined card → 402 card_error with charge id and whole payment intent", async () => {
    const failure = await refusal(pay(target, { payment_method: "pm_card_chargeDeclined" }));
    expect(failure).toMatchObject({
      as: "StripeCardError",
      status: 402,
      type: "card_error",
      code: "card_declined",
    });
    expect(failure.error).toMatchObject({
      charge: expect.stringMatching(/^(ch|py)_/),
      decline_code: expect.any(String),
      payment_intent: { object: "payment_intent", status: "requires_payment_method" },
    });
  });
});

describe("generic errors", () => {
  test.each([
    ["GET", "/v1/nonsense"],
    ["POST", "/v1/charges/ch_1/explode"],
    ["DELETE", "/v1/refunds"],
  ])("2.4 unknown URL %s %s → 404", async (method, path) => {
    const answer = await onAccount(method, path);
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({
      error: {
        type: "invalid_request_error",
        message: expect.stringMatching(new RegExp(`Unrecognized request URL \\(${method}: ${path}\\)`)),
      },
    });
  });

  test.each([
    ["charge", "/v1/charges/ch_none", "ch_none"],
    ["payment_intent", "/v1/payment_intents/pi_none", "pi_none"],
    ["refund", "/v1/refunds/re_none", "re_none"],
    ["dispute", "/v1/disputes/du_none", "du_none"],
    ["event", "/v1/events/evt_none", "evt_none"],
    ["balance.transaction", "/v1/balance_transactions/txn_none", "txn_none"],
    ["[\\w.]*early.?fraud.?warning", "/v1/radar/early_fraud_warnings/issfr_none", "issfr_none"],
  ])("2.4 missing %s → 404 resource_missing", async (kind, path, id) => {
    const answer = await onAccount("GET", path);
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({
      error: {
        type: "invalid_request_error",
        code: "resource_missing",
        param: expect.any(String),
        message: expect.stringMatching(new RegExp(`No such ${kind}: '${id}'`)),
      },
    });
  });

  test.each([
    ["a charge", () => stripe.charges.retrieve(paid.charge)],
    ["a payment intent", () => stripe.paymentIntents.retrieve(paid.intent)],
    ["a refund's charge", () => stripe.refunds.create({ charge: paid.charge })],
  ])("2.4 %s of another account (Stripe-Account forgotten) → plain resource_missing", async (_what, call) => {
    const failure = await refusal(call());
    expect(failure).toMatchObject({ status: 404, code: "resource_missing" });
    expect(failure.message).not.toContain(target.account);
    expect(failure.message).not.toMatch(/similar object exists/);
  });

  test.each([
    ["POST /v1/refunds", "POST", "/v1/refunds", `charge=${paid.charge}&colour=red`, "colour"],
    ["GET /v1/refunds", "GET", "/v1/refunds?colour=red", undefined, "colour"],
    ["GET /v1/charges", "GET", "/v1/charges?status=succeeded", undefined, "status"],
    ["GET /v1/events", "GET", "/v1/events?colour=red", undefined, "colour"],
    [
      "POST /v1/payment_intents",
      "POST",
      "/v1/payment_intents",
      "amount=100&currency=usd&colour=red",
      "colour",
    ],
  ])("2.4 unknown parameter on %s → 400 parameter_unknown", async (_route, method, path, body, param) => {
    const answer = await onAccount(method, path, body === undefined ? {} : { body });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: {
        type: "invalid_request_error",
        code: "parameter_unknown",
        param,
        message: expect.stringMatching(new RegExp(`Received unknown parameter: ${param}`)),
      },
    });
  });

  test.each([
    ["/v1/payment_intents", "currency=usd", "amount"],
    ["/v1/payment_intents", "amount=500", "currency"],
    ["/v1/webhook_endpoints", "url=https://example.com/hook", "enabled_events"],
    ["/v1/webhook_endpoints", "enabled_events[]=*", "url"],
  ])("2.4 POST %s with only %s → 400 parameter_missing %s", async (path, body, param) => {
    const answer = await target.raw("POST", path, { body });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: {
        code: "parameter_missing",
        param: expect.stringContaining(param),
        message: expect.stringMatching(new RegExp(`Missing required param: ${param}`)),
      },
    });
  });

  test.each([
    ["charge", "charge="],
    ["reason", `charge=${paid.charge}&reason=`],
    ["payment_intent", "payment_intent="],
  ])("2.4 empty %s → 400 parameter_invalid_empty", async (param, body) => {
    const answer = await onAccount("POST", "/v1/refunds", { body });
    expect(answer).toMatchObject({
      status: 400,
      json: { error: { code: "parameter_invalid_empty", param } },
    });
  });

  test.each([
    ["POST", "/v1/refunds", `charge=${paid.charge}&amount=abc`, "amount", "abc"],
    ["POST", "/v1/payment_intents", "amount=1e3x&currency=usd", "amount", "1e3x"],
    ["GET", "/v1/refunds?limit=ten", undefined, "limit", "ten"],
  ])(
    "2.4 not an integer on %s %s → 400 parameter_invalid_integer",
    async (method, path, body, param, value) => {
      const answer = await onAccount(method, path, body === undefined ? {} : { body });
      expect(answer).toMatchObject({
        status: 400,
        json: {
          error: {
            code: "parameter_invalid_integer",
            param,
            message: expect.stringContaining(`Invalid integer: ${value}`),
          },
        },
      });
    },
  );

  test.each([
    ["GET", `/v1/charges/${paid.charge}?expand[]=colour`, "colour"],
    ["GET", `/v1/refunds?expand[]=data.colour`, "data.colour"],
  ])("2.4 %s %s → 400 cannot be expanded", async (method, path, name) => {
    const answer = await onAccount(method, path);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: { message: expect.stringContaining(`This property cannot be expanded (${name})`) },
    });
  });

  test("2.4 more than four levels of expansion → 400 property_expansion_max_depth", async () => {
    const deep = "payment_intent.latest_charge.payment_intent.latest_charge.payment_intent";
    const answer = await onAccount("GET", `/v1/charges/${paid.charge}?expand[]=${deep}`);
    expect(answer).toMatchObject({ status: 400, json: { error: { code: "property_expansion_max_depth" } } });
  });

  test("2.4 a bad Stripe-Version → 400", async () => {
    const answer = await target.raw("GET", "/v1/charges", { headers: { "Stripe-Version": "yesterday" } });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: { message: expect.stringMatching(/Invalid Stripe API version: yesterday/) },
    });
  });

  test("2.4 refused input changes nothing", async () => {
    const { charge } = await pay(target);
    await refusal(stripe.refunds.create({ charge, amount: -5 }, on));
    await refusal(stripe.refunds.create({ charge, amount: 6000 }, on));
    await onAccount("POST", "/v1/refunds", { body: `charge=${charge}&amount=100&colour=red` });
    expect((await stripe.refunds.list({ charge }, on)).data).toEqual([]);
    expect((await stripe.charges.retrieve(charge, {}, on)).amount_refunded).toBe(0);
  });
});

describe("accounts and balance", () => {
  test("9 GET /v1/accounts/:id shows the connected account, as GET /v1/account on it does", async () => {
    expect(await stripe.accounts.retrieve(target.account)).toMatchObject({
      id: target.account,
      object: "account",
    });
    expect(await stripe.rawRequest("GET", "/v1/account", undefined, on)).toMatchObject({
      id: target.account,
    });
  });

  test("9 GET /v1/balance is the connected account's", async () => {
    const balance = await stripe.balance.retrieve({}, on);
    expect(balance).toMatchObject({ object: "balance", livemode: false });
    expect(balance.available).toContainEqual(
      expect.objectContaining({ amount: expect.any(Number), currency: expect.stringMatching(/^[a-z]{3}$/) }),
    );
    expect(Array.isArray(balance.pending)).toBe(true);
  });
});
