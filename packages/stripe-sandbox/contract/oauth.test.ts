// Connecting and disconnecting Standard accounts, against Stripe's documented behaviour.
import { describe, expect, test } from "vitest";
import { authorizePage, authorizeParams, codeFor, openConsent, redirectUri } from "./consent.ts";
import { endpoint } from "./listener.ts";
import { pay } from "./payment.ts";
import { openTarget, refusal, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe } = target;
const minute = 60_000;

const newMerchant = async () => (await target.admin.newAccount({ connected: false })).id;
const token = (code: string) => stripe.oauth.token({ grant_type: "authorization_code", code });
const exchange = async (account: string, scope?: string) => token(await codeFor(target, account, scope));
const post = (path: string, body: string, authorization?: string | null) =>
  target.raw("POST", path, { body, ...(authorization !== undefined && { authorization }) });

describe("authorize", () => {
  sandboxOnly("1.2 a consent page with a form, a choice of accounts and two buttons", async () => {
    const merchant = await newMerchant();
    const { html } = await openConsent(target);
    expect(html).toContain("Stripe sandbox — not the real Stripe");
    expect(html).toMatch(/<form[^>]*method="?post/i);
    expect(html).toMatch(/<form[^>]*action="\/oauth\/authorize\/decision"/i);
    expect(html).toContain(merchant);
    expect(html).toMatch(/value="new"/);
    expect(html).toMatch(/<button[^>]*value="connect"[^>]*>\s*Connect my Stripe account/i);
    expect(html).toMatch(/<button[^>]*value="deny"[^>]*>\s*Cancel/i);
  });

  sandboxOnly.each([
    ["email", "owner@shop.example"],
    ["business_name", 'Smith & "Sons" <Ltd>'],
    ["url", "https://shop.example/?a=1&b=2"],
  ])("1.2 stripe_user[%s] prefills the new account's form", async (name, value) => {
    const { html, fields } = await openConsent(target, { [`stripe_user[${name}]`]: value });
    expect([...fields.values()]).toContain(value);
    expect(html).not.toContain("<Ltd>");
  });

  sandboxOnly("1.2 invalid prefill values are silently ignored", async () => {
    const consent = await openConsent(target, {
      "stripe_user[email]": "not an address",
      "stripe_user[country]": "Atlantis",
    });
    expect((await consent.decide("connect")).searchParams.get("code")).toMatch(/^ac_/);
  });

  sandboxOnly("1.2 a new account made on the page carries the prefilled name", async () => {
    const consent = await openConsent(target, { "stripe_user[business_name]": "Fresh Books GmbH" });
    const code = (await consent.decide("connect", "new")).searchParams.get("code") ?? "";
    const { stripe_user_id = "" } = await token(code);
    expect(JSON.stringify(await stripe.accounts.retrieve(stripe_user_id))).toContain("Fresh Books GmbH");
  });

  sandboxOnly.each([
    ["always_prompt", "true"],
    ["stripe_landing", "login"],
    ["stripe_landing", "register"],
  ])("1.2 %s=%s is accepted", async (name, value) => {
    expect((await authorizePage(target, await authorizeParams(target, { [name]: value }))).status).toBe(200);
  });

  sandboxOnly("1.2 without scope the account is connected read_only", async () => {
    const consent = await openConsent(target, { scope: undefined });
    expect((await consent.decide("connect", await newMerchant())).searchParams.get("scope")).toBe(
      "read_only",
    );
  });

  sandboxOnly("1.2 without redirect_uri the first registered one is used", async () => {
    await target.admin.redirectUris("http://127.0.0.1:9/first", "http://127.0.0.1:9/second");
    try {
      const consent = await openConsent(target, { redirect_uri: undefined });
      expect((await consent.decide("deny")).pathname).toBe("/first");
    } finally {
      await target.admin.redirectUris();
    }
  });

  sandboxOnly("1.2 a redirect_uri must equal a registered one", async () => {
    await target.admin.redirectUris("http://127.0.0.1:9/first");
    try {
      const params = await authorizeParams(target, { redirect_uri: "http://127.0.0.1:9/first/more" });
      const answer = await authorizePage(target, params);
      expect(answer.json).toMatchObject({ error: "invalid_redirect_uri" });
      expect(answer.headers.get("location")).toBeNull();
    } finally {
      await target.admin.redirectUris();
    }
  });

  sandboxOnly("1.3 agreeing redirects with scope, code and the state that was sent", async () => {
    const location = await (await openConsent(target, { state: "a b&c=ü" })).decide(
      "connect",
      await newMerchant(),
    );
    expect(location.href.startsWith(`${redirectUri}?`)).toBe(true);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      scope: "read_write",
      code: expect.stringMatching(/^ac_\w+$/),
      state: "a b&c=ü",
    });
  });

  sandboxOnly("1.3 no state is echoed when none was sent", async () => {
    const location = await (await openConsent(target, { state: undefined })).decide(
      "connect",
      await newMerchant(),
    );
    expect(location.searchParams.has("state")).toBe(false);
  });

  sandboxOnly("1.3 refusing redirects with access_denied and the state", async () => {
    const location = await (await openConsent(target)).decide("deny");
    expect(Object.fromEntries(location.searchParams)).toEqual({
      error: "access_denied",
      error_description: "The user denied your request",
      state: "s-1",
    });
  });

  sandboxOnly.each([
    ["no response_type", { response_type: undefined }, /^invalid_request$/],
    ["another response_type", { response_type: "token" }, /^unsupported_response_type$/],
    ["an unknown scope", { scope: "everything" }, /^invalid_scope$/],
    ["a foreign redirect_uri", { redirect_uri: "https://evil.example/x" }, /^invalid_redirect_uri$/],
    ["no client_id", { client_id: undefined }, /^invalid_/],
    ["an unknown client_id", { client_id: "ca_unknown" }, /^invalid_/],
  ])("1.3 %s is answered in place, not redirected", async (_case, changes, error) => {
    const answer = await authorizePage(target, await authorizeParams(target, changes));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get("location")).toBeNull();
    expect(answer.json).toMatchObject({
      error: expect.stringMatching(error),
      error_description: expect.any(String),
      state: "s-1",
    });
  });
});

describe("token", () => {
  sandboxOnly("1.4 a code gives the seven fields", async () => {
    const merchant = await newMerchant();
    const answer = await exchange(merchant);
    expect({ ...answer }).toEqual({
      access_token: expect.stringMatching(/^sk_test_/),
      livemode: false,
      refresh_token: expect.stringMatching(/^rt_/),
      scope: "read_write",
      stripe_publishable_key: expect.stringMatching(/^pk_test_/),
      stripe_user_id: merchant,
      token_type: "bearer",
    });
  });

  sandboxOnly("1.4 after it the platform acts on the account with its own key", async () => {
    const merchant = await newMerchant();
    expect((await refusal(stripe.accounts.retrieve(merchant))).status).toBe(403);
    await exchange(merchant);
    expect((await stripe.charges.list({}, { stripeAccount: merchant })).data).toEqual([]);
    expect(await stripe.accounts.retrieve(merchant)).toMatchObject({ id: merchant, object: "account" });
  });

  sandboxOnly("1.4 the access token acts as a secret key of the connected account", async () => {
    const merchant = await newMerchant();
    const { access_token = "" } = await exchange(merchant);
    const { charge } = await pay(target, {}, { stripeAccount: merchant });
    expect((await target.client(access_token).charges.list()).data.map(({ id }) => id)).toEqual([charge]);
  });

  sandboxOnly.each([
    ["Basic user", (key: string) => ({ authorization: `Basic ${btoa(`${key}:`)}`, extra: "" })],
    [
      "body parameter client_secret",
      (key: string) => ({ authorization: null, extra: `&client_secret=${key}` }),
    ],
  ])("1.4 the secret key may be sent as %s", async (_way, send) => {
    const code = await codeFor(target, await newMerchant());
    const { authorization, extra } = send(target.key);
    const answer = await post(
      "/oauth/token",
      `grant_type=authorization_code&code=${code}${extra}`,
      authorization,
    );
    expect(answer).toMatchObject({ status: 200, json: { token_type: "bearer" } });
  });

  sandboxOnly("1.3 a code presented twice fails and revokes what the first use granted", async () => {
    const merchant = await newMerchant();
    const code = await codeFor(target, merchant);
    await token(code);
    await stripe.accounts.retrieve(merchant);
    expect(await refusal(token(code))).toMatchObject({
      as: "StripeInvalidGrantError",
      status: 400,
      message: expect.stringMatching(/already been used.*revoked/s),
    });
    expect(await refusal(stripe.refunds.list({}, { stripeAccount: merchant }))).toMatchObject({
      status: 403,
      code: "account_invalid",
    });
  });

  sandboxOnly("1.3 a code lives five minutes", async () => {
    const [late, early] = [
      await codeFor(target, await newMerchant()),
      await codeFor(target, await newMerchant()),
    ];
    await target.admin.advance(4.8 * minute);
    expect((await token(early)).token_type).toBe("bearer");
    await target.admin.advance(0.4 * minute);
    expect(await refusal(token(late))).toMatchObject({
      as: "StripeInvalidGrantError",
      message: expect.stringMatching(/Authorization code expired/),
    });
  });

  sandboxOnly("1.4 a refresh token gives a new access token and ends the earlier one", async () => {
    const merchant = await newMerchant();
    const first = await exchange(merchant);
    const { refresh_token = "", access_token = "" } = first;
    const next = await stripe.oauth.token({ grant_type: "refresh_token", refresh_token });
    expect(next).toMatchObject({ stripe_user_id: merchant, scope: "read_write", token_type: "bearer" });
    expect(next.access_token).not.toBe(access_token);
    expect([401, 403]).toContain((await refusal(target.client(access_token).charges.list())).status);
    expect((await target.client(next.access_token ?? "").charges.list()).data).toEqual([]);
  });

  sandboxOnly("1.4 refreshing may narrow the scope, not widen it", async () => {
    const wide = await exchange(await newMerchant());
    const narrowed = await stripe.oauth.token({
      grant_type: "refresh_token",
      refresh_token: wide.refresh_token ?? "",
      scope: "read_only",
    });
    expect(narrowed.scope).toBe("read_only");
    const narrow = await exchange(await newMerchant(), "read_only");
    const widened = stripe.oauth.token({
      grant_type: "refresh_token",
      refresh_token: narrow.refresh_token ?? "",
      scope: "read_write",
    });
    expect(await refusal(widened)).toMatchObject({ as: "StripeInvalidScopeError", status: 400 });
  });

  test.each([
    ["no grant_type", "code=ac_1", "invalid_request", /No grant type specified/],
    ["no code", "grant_type=authorization_code", "invalid_request", /./],
    [
      "an unknown code",
      "grant_type=authorization_code&code=ac_unknown",
      "invalid_grant",
      /code does not exist: ac_unknown/,
    ],
    ["another grant", "grant_type=password", "unsupported_grant_type", /./],
    ["an unknown refresh token", "grant_type=refresh_token&refresh_token=rt_unknown", "invalid_grant", /./],
  ])("1.4 %s → 400, flat error", async (_case, body, error, text) => {
    const answer = await post("/oauth/token", body);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ error, error_description: expect.stringMatching(text) });
  });

  sandboxOnly("1.4 an unknown scope → 400 invalid_scope", async () => {
    const { refresh_token = "" } = await exchange(await newMerchant());
    const call = stripe.oauth.token({ grant_type: "refresh_token", refresh_token, scope: "everything" });
    expect(await refusal(call)).toMatchObject({
      as: "StripeInvalidScopeError",
      status: 400,
      message: expect.stringMatching(/Invalid scope provided: everything/),
    });
  });

  sandboxOnly("1.4 an unknown parameter → 400 invalid_request", async () => {
    const code = await codeFor(target, await newMerchant());
    const answer = await post("/oauth/token", `grant_type=authorization_code&code=${code}&colour=red`);
    expect(answer).toMatchObject({ status: 400, json: { error: "invalid_request" } });
  });

  test("1.4 no key → 401 invalid_client", async () => {
    expect(await post("/oauth/token", "grant_type=authorization_code&code=ac_1", null)).toMatchObject({
      status: 401,
      json: {
        error: "invalid_client",
        error_description: expect.stringMatching(/No authentication was provided/),
      },
    });
  });

  test("1.6 the SDK gives the OAuth code as rawType, no code, the description as message", async () => {
    expect(await refusal(token("ac_unknown"))).toMatchObject({
      as: "StripeInvalidGrantError",
      type: "invalid_grant",
      code: undefined,
      message: expect.stringMatching(/Authorization code does not exist/),
    });
  });
});

describe("deauthorize", () => {
  const deauthorize = async (stripe_user_id: string, client_id?: string) =>
    stripe.oauth.deauthorize({
      client_id: client_id ?? (await target.admin.platform()).clientId,
      stripe_user_id,
    });

  sandboxOnly("1.5 answers the account and ends access", async () => {
    const { id } = await target.admin.newAccount();
    expect({ ...(await deauthorize(id)) }).toEqual({ stripe_user_id: id });
    expect((await refusal(stripe.charges.list({}, { stripeAccount: id }))).status).toBe(403);
  });

  sandboxOnly("1.5 disconnecting twice → 401 invalid_client", async () => {
    const { id } = await target.admin.newAccount();
    await deauthorize(id);
    expect(await refusal(deauthorize(id))).toMatchObject({
      as: "StripeInvalidClientError",
      status: 401,
      message: expect.stringMatching(
        new RegExp(`not connected to stripe account ${id}, or that account does not exist`),
      ),
    });
  });

  sandboxOnly("1.5 an account that never existed → 401 invalid_client", async () => {
    expect(await refusal(deauthorize("acct_unknown"))).toMatchObject({ type: "invalid_client", status: 401 });
  });

  sandboxOnly("1.5 another platform's client_id → 401 invalid_client, still connected", async () => {
    const { id } = await target.admin.newAccount();
    expect(await refusal(deauthorize(id, "ca_another"))).toMatchObject({
      type: "invalid_client",
      status: 401,
    });
    expect((await stripe.accounts.retrieve(id)).id).toBe(id);
  });

  test.each(["stripe_user_id=acct_1", "client_id=ca_1"])(
    "1.5 only %s → 400 invalid_request",
    async (body) => {
      expect(await post("/oauth/deauthorize", body)).toMatchObject({
        status: 400,
        json: { error: "invalid_request", error_description: expect.any(String) },
      });
    },
  );

  sandboxOnly("1.7 an account may be connected again", async () => {
    const { id } = await target.admin.newAccount();
    await deauthorize(id);
    await exchange(id);
    expect((await stripe.accounts.retrieve(id)).id).toBe(id);
  });
});

describe("after disconnect", () => {
  const noAccess = (account: string) => ({
    as: "StripePermissionError",
    status: 403,
    type: "invalid_request_error",
    code: "account_invalid",
    docUrl: expect.stringMatching(/error-codes\/account-invalid$/),
    message: expect.stringMatching(
      new RegExp(`does not have access to account '${account}'.*access may have been revoked`, "s"),
    ),
  });

  sandboxOnly.each([
    [
      "GET /v1/account",
      (on: { stripeAccount: string }) => stripe.rawRequest("GET", "/v1/account", undefined, on),
    ],
    ["GET /v1/charges", (on: { stripeAccount: string }) => stripe.charges.list({}, on)],
    ["GET /v1/refunds/:id", (on: { stripeAccount: string }) => stripe.refunds.retrieve("re_1", {}, on)],
    ["POST /v1/refunds", (on: { stripeAccount: string }) => stripe.refunds.create({ charge: "ch_1" }, on)],
    ["GET /v1/events", (on: { stripeAccount: string }) => stripe.events.list({}, on)],
  ])("1.7 %s → 403 account_invalid", async (_route, call) => {
    const { id } = await target.admin.newAccount();
    await target.admin.revoke(id);
    expect(await refusal(call({ stripeAccount: id }))).toMatchObject(noAccess(id));
  });

  test("1.7 an account that never existed is answered the same", async () => {
    const call = stripe.refunds.list({}, { stripeAccount: "acct_1NeverExisted000" });
    expect(await refusal(call)).toMatchObject(noAccess("acct_1NeverExisted000"));
  });

  test("1.7 the key is starred in the message", async () => {
    const { message } = await refusal(stripe.refunds.list({}, { stripeAccount: "acct_1NeverExisted000" }));
    expect(message).not.toContain(target.key);
    expect(message).toContain(target.key.slice(-4));
  });

  sandboxOnly.each([
    ["the platform deauthorizes", "api"],
    ["the merchant disconnects", "dashboard"],
  ])("1.7 account.application.deauthorized when %s: only to the Connect endpoint", async (_who, way) => {
    const connect = await endpoint(target);
    const platform = await endpoint(target, { connect: false });
    const { id } = await target.admin.newAccount();
    const { clientId } = await target.admin.platform();
    if (way === "api") await stripe.oauth.deauthorize({ client_id: clientId, stripe_user_id: id });
    else await target.admin.revoke(id);
    await target.admin.drain();
    expect(platform.events()).toEqual([]);
    const sent = connect.events().filter(({ type }) => type === "account.application.deauthorized");
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      account: id,
      livemode: false,
      request: { id: null, idempotency_key: null },
      data: { object: { id: clientId, object: "application", name: expect.any(String) } },
    });
    expect(JSON.stringify(sent[0]?.data)).not.toContain(id);
  });

  sandboxOnly(
    "1.7 connecting sends account.application.authorized to the Connect endpoint only",
    async () => {
      const connect = await endpoint(target);
      const platform = await endpoint(target, { connect: false });
      const merchant = await newMerchant();
      await exchange(merchant);
      await target.admin.drain();
      expect(platform.events()).toEqual([]);
      expect(connect.events()).toMatchObject([
        {
          type: "account.application.authorized",
          account: merchant,
          data: { object: { object: "application" } },
        },
      ]);
    },
  );

  sandboxOnly("1.7 the event of the disconnection cannot be fetched again", async () => {
    const connect = await endpoint(target);
    const { id } = await target.admin.newAccount();
    await target.admin.revoke(id);
    await target.admin.drain();
    const event = connect.events().find(({ type }) => type === "account.application.deauthorized");
    const again = stripe.events.retrieve(event?.id ?? "", {}, { stripeAccount: id });
    expect(await refusal(again)).toMatchObject({ status: 403, code: "account_invalid" });
  });

  sandboxOnly("1.7 the key of an account that is no platform cannot use Stripe-Account", async () => {
    const { secretKey } = await target.admin.newAccount();
    expect(await refusal(target.client(secretKey).charges.list({}, target.on))).toMatchObject({
      status: 403,
      type: "invalid_request_error",
      message: expect.stringMatching(/Only Stripe Connect platforms can work with other accounts/),
    });
  });

  sandboxOnly("1.7 a read_only connection reads but does not write", async () => {
    const { id } = await target.admin.newAccount({ scope: "read_only" });
    const charge = await target.admin.charge({ account: id, amount: 1000, currency: "usd" });
    expect((await stripe.charges.retrieve(charge.id, {}, { stripeAccount: id })).id).toBe(charge.id);
    expect(await refusal(stripe.refunds.create({ charge: charge.id }, { stripeAccount: id }))).toMatchObject({
      status: 403,
      message: expect.stringMatching(/does not have the required permissions for this endpoint on account/),
    });
    expect((await stripe.refunds.list({}, { stripeAccount: id })).data).toEqual([]);
  });
});
