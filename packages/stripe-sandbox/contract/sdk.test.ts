// What the pinned Stripe SDK does with a given answer. No Stripe is needed: a listener plays it.
import Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { type Answer, Listener, type Responder } from "./listener.ts";
import { address, refusal } from "./target.ts";

const key = "sk_test_contractsuite";
const list = JSON.stringify({ object: "list", data: [], has_more: false, url: "/v1/x" });

interface Stage {
  listener: Listener;
  stripe: Stripe;
}

async function stage(respond?: Responder, config: Partial<Stripe.StripeConfig> = {}): Promise<Stage> {
  const listener = await new Listener(respond ?? (() => ({ body: list }))).open();
  const stripe = new Stripe(key, {
    ...address(listener.origin),
    telemetry: false,
    maxNetworkRetries: 0,
    ...config,
  });
  return { listener, stripe };
}
const always = (answer: Answer) => () => answer;
const error = (status: number, body: object, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { "Content-Type": "application/json", "Request-Id": "req_1", ...headers },
  body: JSON.stringify({ error: body }),
});

describe("what it sends", () => {
  test("2.1 headers of a POST", async () => {
    const { listener, stripe } = await stage();
    await stripe.refunds.create({ charge: "ch_1", amount: 5 }, { stripeAccount: "acct_1" });
    expect(listener.received[0]).toMatchObject({
      method: "POST",
      path: "/v1/refunds",
      body: "charge=ch_1&amount=5",
      headers: {
        authorization: `Bearer ${key}`,
        "stripe-version": "2026-10-28.endive",
        "stripe-account": "acct_1",
        "idempotency-key": expect.stringMatching(/^stripe-node-retry-[0-9a-f-]{36}$/),
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": expect.stringMatching(/^Stripe\/v1 NodeBindings\/23\.1\.0/),
        "x-stripe-client-user-agent": expect.stringMatching(/"bindings_version":"23\.1\.0"/),
      },
    });
  });

  test("2.1 on GET and DELETE no Idempotency-Key; on GET parameters in the query, the form type all the same", async () => {
    const { listener, stripe } = await stage();
    await stripe.refunds.list({ charge: "ch_1" });
    await stripe.webhookEndpoints.del("we_1");
    expect(listener.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /v1/refunds?charge=ch_1",
      "DELETE /v1/webhook_endpoints/we_1",
    ]);
    for (const { headers } of listener.received) expect(headers["idempotency-key"]).toBeUndefined();
    expect(listener.received[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  });

  test.each<[string, Stripe.RefundListParams, string]>([
    ["nested objects", { created: { gte: 5 } }, "created[gte]=5"],
    ["indexed arrays", { expand: ["data.charge", "data.x"] }, "expand[0]=data.charge&expand[1]=data.x"],
    ["percent-encoded values", { charge: "a b&c" }, "charge=a%20b%26c"],
  ])("2.1 %s", async (_what, params, query) => {
    const { listener, stripe } = await stage();
    await stripe.refunds.list(params);
    expect(listener.received[0]?.path).toBe(`/v1/refunds?${query}`);
  });

  test("2.1 null becomes an empty string, undefined is dropped, dates are seconds, booleans text", async () => {
    const { listener, stripe } = await stage();
    const params = { metadata: { a: null, b: undefined }, at: new Date(5000), refund_application_fee: true };
    await stripe.rawRequest("POST", "/v1/refunds", params);
    expect(listener.received[0]?.body).toBe("metadata[a]=&at=5&refund_application_fee=true");
  });

  test("2.1 version per request, key per request", async () => {
    const { listener, stripe } = await stage();
    await stripe.refunds.create(
      { charge: "ch_1" },
      { idempotencyKey: "k-1", apiVersion: "2026-09-30.dahlia" },
    );
    expect(listener.received[0]?.headers).toMatchObject({
      "idempotency-key": "k-1",
      "stripe-version": "2026-09-30.dahlia",
    });
  });

  test("2.1 v2 paths use JSON", async () => {
    const { listener, stripe } = await stage();
    await stripe.rawRequest("POST", "/v2/core/events", { a: 1 });
    expect(listener.received[0]).toMatchObject({
      body: '{"a":1}',
      headers: { "content-type": "application/json" },
    });
  });

  test("2.1 telemetry from the second request on, unless switched off", async () => {
    const respond = always({
      headers: { "Content-Type": "application/json", "Request-Id": "req_1" },
      body: list,
    });
    for (const telemetry of [true, false]) {
      const { listener, stripe } = await stage(respond, { telemetry });
      await stripe.refunds.list();
      await stripe.refunds.list();
      const sent = listener.received.map(({ headers }) => headers["x-stripe-client-telemetry"] !== undefined);
      expect(sent).toEqual([false, telemetry]);
    }
  });

  test("2.1 account and context in one request, unknown settings and an empty key are refused", async () => {
    const { listener, stripe } = await stage();
    const both = { stripeAccount: "acct_1", stripeContext: "acct_1" };
    await expect((async () => stripe.refunds.list({}, both))()).rejects.toThrow(
      /both stripeAccount and stripeContext/,
    );
    expect(listener.received).toEqual([]);
    expect(() => Reflect.construct(Stripe, [key, { colour: "red" }])).toThrow(/may only contain/);
    expect(() => new Stripe("")).toThrow();
  });

  test("6 auto-paging repeats parameters and account, adding starting_after", async () => {
    const pages = [["re_3", "re_2"], ["re_1"]];
    const { listener, stripe } = await stage((_request, index) => ({
      body: JSON.stringify({
        object: "list",
        url: "/v1/refunds",
        has_more: index === 0,
        data: pages[index]?.map((id) => ({ id })),
      }),
    }));
    const all = await stripe.refunds
      .list({ charge: "ch_1", limit: 2 }, { stripeAccount: "acct_1" })
      .autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(["re_3", "re_2", "re_1"]);
    expect(listener.received.map(({ path }) => path)).toEqual([
      "/v1/refunds?charge=ch_1&limit=2",
      "/v1/refunds?charge=ch_1&limit=2&starting_after=re_2",
    ]);
    expect(listener.received[1]?.headers["stripe-account"]).toBe("acct_1");
  });
});

describe("OAuth", () => {
  test("1.6 host, port and protocol redirect token and deauthorize, which have no /v1", async () => {
    const { listener, stripe } = await stage(always({ body: '{"stripe_user_id":"acct_1"}' }));
    await stripe.oauth.token({ grant_type: "authorization_code", code: "ac_1" });
    await stripe.oauth.deauthorize({ client_id: "ca_1", stripe_user_id: "acct_1" });
    expect(listener.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /oauth/token",
      "POST /oauth/deauthorize",
    ]);
    expect(listener.received[0]).toMatchObject({
      body: "grant_type=authorization_code&code=ac_1",
      headers: {
        authorization: `Bearer ${key}`,
        "stripe-version": "2026-10-28.endive",
        "idempotency-key": expect.any(String),
      },
    });
  });

  test("1.6 a client with stripeAccount sends it on OAuth calls too", async () => {
    const { listener, stripe } = await stage(undefined, { stripeAccount: "acct_1" });
    await stripe.oauth.token({ grant_type: "authorization_code", code: "ac_1" });
    expect(listener.received[0]?.headers["stripe-account"]).toBe("acct_1");
  });

  test("1.6 authorizeUrl honours host, but is https and drops the port; scope read_write, response_type code", async () => {
    const { stripe } = await stage();
    const url = new URL(
      stripe.oauth.authorizeUrl({ client_id: "ca_1", state: "s", stripe_user: { email: "a@b.example" } }),
    );
    expect(url.origin).toBe("https://127.0.0.1");
    expect(url.pathname).toBe("/oauth/authorize");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: "ca_1",
      state: "s",
      "stripe_user[email]": "a@b.example",
      response_type: "code",
      scope: "read_write",
    });
    expect(stripe.oauth.authorizeUrl({ client_id: "ca_1" }, { express: true })).toContain(
      "/express/oauth/authorize?",
    );
  });

  test.each([
    ["invalid_grant", "StripeInvalidGrantError"],
    ["invalid_client", "StripeInvalidClientError"],
    ["invalid_request", "StripeOAuthInvalidRequestError"],
    ["invalid_scope", "StripeInvalidScopeError"],
    ["unsupported_grant_type", "StripeUnsupportedGrantTypeError"],
    ["unsupported_response_type", "StripeUnsupportedResponseTypeError"],
    ["no_deauth_on_controlled_account", "StripeOAuthError"],
  ])("1.6 a flat error %s → %s", async (code, as) => {
    const body = JSON.stringify({ error: code, error_description: "Why" });
    const { stripe } = await stage(always({ status: 400, body }));
    const expected = { as, type: code, code: undefined, message: "Why" };
    expect(
      await refusal(stripe.oauth.token({ grant_type: "authorization_code", code: "ac_1" })),
    ).toMatchObject(expected);
    expect(await refusal(stripe.refunds.list())).toMatchObject({ as });
  });

  test("1.6 a token request is retried like any other unless maxNetworkRetries is 0", async () => {
    const { listener, stripe } = await stage(always({ status: 500, body: "{}" }), { maxNetworkRetries: 1 });
    const params = { grant_type: "authorization_code", code: "ac_1" } as const;
    await stripe.oauth.token(params);
    expect(listener.received).toHaveLength(2);
    await stripe.oauth.token(params, { maxNetworkRetries: 0 });
    expect(listener.received).toHaveLength(3);
  });
});

describe("errors", () => {
  test.each([
    [400, { type: "invalid_request_error" }, "StripeInvalidRequestError"],
    [400, { type: "idempotency_error" }, "StripeIdempotencyError"],
    [400, { type: "invalid_request_error", code: "rate_limit" }, "StripeRateLimitError"],
    [401, { type: "invalid_request_error" }, "StripeAuthenticationError"],
    [402, { type: "card_error" }, "StripeCardError"],
    [403, { type: "invalid_request_error" }, "StripePermissionError"],
    [404, { type: "invalid_request_error" }, "StripeInvalidRequestError"],
    [404, { type: "idempotency_error" }, "StripeIdempotencyError"],
    [409, { type: "invalid_request_error", code: "idempotency_key_in_use" }, "StripeAPIError"],
    [424, { type: "invalid_request_error" }, "StripeAPIError"],
    [429, { type: "invalid_request_error", code: "lock_timeout" }, "StripeRateLimitError"],
    [500, { type: "api_error" }, "StripeAPIError"],
    [503, { type: "api_error" }, "StripeAPIError"],
  ])("2.3 %d %j → %s", async (status, body, as) => {
    const { stripe } = await stage(always(error(status, body)));
    expect(await refusal(stripe.refunds.list())).toMatchObject({
      as,
      status,
      type: body.type,
      requestId: "req_1",
    });
  });

  test("2.3 a 4xx without error resolves", async () => {
    const { stripe } = await stage(always({ status: 400, body: list }));
    expect((await stripe.refunds.list()).data).toEqual([]);
  });

  test("2.3 a body that is not JSON → StripeAPIError", async () => {
    const { stripe } = await stage(always({ body: "<html>" }));
    expect(await refusal(stripe.refunds.list())).toMatchObject({
      as: "StripeAPIError",
      message: expect.stringMatching(/Invalid JSON received from the Stripe API/),
    });
  });

  test.each(["node", "fetch"])("2.3 a truncated body → StripeConnectionError (%s client)", async (kind) => {
    const httpClient = kind === "node" ? Stripe.createNodeHttpClient() : Stripe.createFetchHttpClient();
    const truncated = { "Content-Type": "application/json", "Content-Length": "500", Connection: "close" };
    const { stripe } = await stage(always({ headers: truncated, body: '{"object":' }), { httpClient });
    expect((await refusal(stripe.refunds.list({}, { timeout: 2000 }))).as).toBe("StripeConnectionError");
  });
});

describe("retries", () => {
  test("2.5 two by default", () => {
    expect(new Stripe(key).getMaxNetworkRetries()).toBe(2);
  });

  test("2.5 the Node client sends again once after a reset, even with none; all attempts bear one key", async () => {
    const { listener, stripe } = await stage(always({}), {});
    const { listener: closing, stripe: cut } = await stage(() => "drop");
    expect((await refusal(cut.refunds.create({ charge: "ch_1" }))).as).toBe("StripeConnectionError");
    expect(closing.received).toHaveLength(2);
    expect(new Set(closing.received.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    await stripe.refunds.create({ charge: "ch_1" });
    await stripe.refunds.create({ charge: "ch_1" });
    expect(new Set(listener.received.map(({ headers }) => headers["idempotency-key"])).size).toBe(2);
  });

  test("2.5 the fetch client does not", async () => {
    const { listener, stripe } = await stage(() => "drop", { httpClient: Stripe.createFetchHttpClient() });
    expect(await refusal(stripe.refunds.create({ charge: "ch_1" }))).toMatchObject({
      as: "StripeConnectionError",
      status: undefined,
      requestId: undefined,
    });
    expect(listener.received).toHaveLength(1);
  });

  test.each([
    ["409", 409, {}, 2],
    ["500", 500, {}, 2],
    ["429", 429, {}, 1],
    ["400", 400, {}, 1],
    ["500 with Stripe-Should-Retry: false", 500, { "Stripe-Should-Retry": "false" }, 1],
    ["429 with Stripe-Should-Retry: true", 429, { "Stripe-Should-Retry": "true" }, 2],
    ["429 with Retry-After", 429, { "Retry-After": "0" }, 1],
  ])("2.5 %s", async (_case, status, headers, attempts) => {
    const { listener, stripe } = await stage(always(error(status, { type: "api_error" }, headers)), {
      maxNetworkRetries: 1,
    });
    await refusal(stripe.refunds.create({ charge: "ch_1" }));
    expect(listener.received).toHaveLength(attempts);
    expect(new Set(listener.received.map((request) => request.headers["idempotency-key"])).size).toBe(1);
  });
});

describe("webhook signatures", () => {
  const secret = "whsec_contract";
  const payload = JSON.stringify({ id: "evt_1", object: "event", type: "refund.created" }, null, 2);
  const seconds = Math.floor(Date.now() / 1000);
  const header = (timestamp = seconds, withSecret = secret) =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret: withSecret, timestamp });
  const construct = (signature: string, tolerance?: number) =>
    Stripe.webhooks.constructEvent(payload, signature, secret, tolerance);
  const refused = Stripe.errors.StripeSignatureVerificationError;

  test("5.1 a good one gives the event, from a string or a buffer", async () => {
    expect(construct(header())).toMatchObject({ id: "evt_1" });
    expect(Stripe.webhooks.constructEvent(Buffer.from(payload), header(), secret)).toMatchObject({
      id: "evt_1",
    });
    expect(await Stripe.webhooks.constructEventAsync(payload, header(), secret)).toMatchObject({
      id: "evt_1",
    });
  });

  test.each([
    ["another secret", () => construct(header(seconds, "whsec_other"))],
    ["a secret with a newline", () => Stripe.webhooks.constructEvent(payload, header(), `${secret}\n`)],
    ["a changed body", () => Stripe.webhooks.constructEvent(`${payload} `, header(), secret)],
    ["no header", () => construct("")],
    ["only v0", () => construct(header().replace("v1=", "v0="))],
    ["a blank secret", () => Stripe.webhooks.constructEvent(payload, header(), " ")],
    ["older than 300 seconds", () => construct(header(seconds - 310))],
  ])("5.1 %s is refused", (_case, call) => {
    expect(call).toThrow(refused);
  });

  test("5.1 a parsed object is refused, and the message tells so", () => {
    const call = () =>
      Reflect.apply(Stripe.webhooks.constructEvent, Stripe.webhooks, [JSON.parse(payload), header(), secret]);
    expect(call).toThrow(/provided as a string or a Buffer/);
  });

  test("5.1 an array of headers is a plain error", () => {
    expect(() => Stripe.webhooks.constructEvent(payload, [header()], secret)).toThrow(
      /array was passed as a header/,
    );
  });

  test("5.1 290 seconds old, from the future, and any age with tolerance 0 pass", () => {
    expect(construct(header(seconds - 290))).toMatchObject({ id: "evt_1" });
    expect(construct(header(seconds + 86_400))).toMatchObject({ id: "evt_1" });
    expect(construct(header(seconds - 86_400), 0)).toMatchObject({ id: "evt_1" });
  });

  test("5.1 of several v1 one match is enough; a bogus v0 does not matter", () => {
    const good = header().split(",v1=")[1];
    expect(construct(`t=${seconds},v1=${"0".repeat(64)},v1=${good},v0=${"1".repeat(64)}`)).toMatchObject({
      id: "evt_1",
    });
  });

  test("5.7 the two kinds of payload are not mistaken for each other", () => {
    const stripe = new Stripe(key);
    const thin = JSON.stringify({ id: "evt_2", object: "v2.core.event", type: "v1.refund.created" });
    const sign = (text: string) => Stripe.webhooks.generateTestHeaderString({ payload: text, secret });
    expect(() => stripe.webhooks.constructEvent(thin, sign(thin), secret)).toThrow(/thin event notification/);
    expect(() => stripe.parseEventNotification(payload, sign(payload), secret)).toThrow();
    expect(stripe.parseEventNotification(thin, sign(thin), secret)).toMatchObject({
      type: "v1.refund.created",
    });
  });
});
