// Idempotent requests, against Stripe's documented behaviour.
import { describe, expect, test } from "vitest";
import { pay } from "./payment.ts";
import { newKey, openTarget, refusal, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe, on } = target;
const hour = 3_600_000;

const post = (body: string, key: string, path = "/v1/refunds") =>
  target.raw("POST", path, { body, account: target.account, headers: { "Idempotency-Key": key } });
const refundsOf = async (charge: string) => (await stripe.refunds.list({ charge }, on)).data;
const refund = (charge: string, idempotencyKey: string, amount = 1000) =>
  stripe.refunds.create({ charge, amount }, { ...on, idempotencyKey });

describe("replay", () => {
  test("3 the same request again: same status, same bytes, new Request-Id, one refund", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    const first = await post(`charge=${charge}&amount=1000`, key);
    const second = await post(`charge=${charge}&amount=1000`, key);
    expect(first.status).toBe(200);
    expect(second.status).toBe(200);
    expect(second.text).toBe(first.text);
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(second.headers.get("original-request")).toBe(first.headers.get("request-id"));
    expect(second.headers.get("request-id")).not.toBe(first.headers.get("request-id"));
    expect(second.headers.get("idempotency-key")).toBe(key);
    expect(await refundsOf(charge)).toHaveLength(1);
  });

  test("3 replays are as many as asked for", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    const ids = [];
    for (let turn = 0; turn < 4; turn += 1) ids.push((await refund(charge, key)).id);
    expect(new Set(ids).size).toBe(1);
  });

  test("3 without an own key each SDK call is a fresh request", async () => {
    const { charge } = await pay(target);
    await stripe.refunds.create({ charge, amount: 1000 }, on);
    await stripe.refunds.create({ charge, amount: 1000 }, on);
    expect(await refundsOf(charge)).toHaveLength(2);
  });

  test("3 GET ignores the key", async () => {
    const key = newKey();
    const options = { ...on, idempotencyKey: key };
    const { charge } = await pay(target);
    expect((await stripe.refunds.list({ charge }, options)).data).toHaveLength(0);
    await refund(charge, key);
    const listed = await stripe.refunds.list({ charge }, options);
    expect(listed.data).toHaveLength(1);
    expect(listed.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
  });

  sandboxOnly("3 DELETE ignores the key", async () => {
    const idempotencyKey = newKey();
    const make = () =>
      stripe.webhookEndpoints.create({ url: "http://127.0.0.1:9/never", enabled_events: ["charge.expired"] });
    const [one, two] = [await make(), await make()];
    expect(await stripe.webhookEndpoints.del(one.id, {}, { idempotencyKey })).toMatchObject({
      id: one.id,
      deleted: true,
    });
    expect(await stripe.webhookEndpoints.del(two.id, {}, { idempotencyKey })).toMatchObject({
      id: two.id,
      deleted: true,
    });
  });

  sandboxOnly(
    "3 the replay of a refund that moved on is the old snapshot; a fetch tells the truth",
    async () => {
      const { charge } = await pay(target, { payment_method: "pm_card_pendingRefund" });
      const key = newKey();
      const made = await refund(charge, key);
      expect(made.status).toBe("pending");
      await target.admin.moveRefund(made.id, target.account, "succeeded");
      expect((await refund(charge, key)).status).toBe("pending");
      expect((await stripe.refunds.retrieve(made.id, {}, on)).status).toBe("succeeded");
    },
  );

  sandboxOnly(
    "3 a key still replays after 23 hours, and starts a new execution after more than 24",
    async () => {
      const { charge } = await pay(target);
      const key = newKey();
      const first = await refund(charge, key);
      await target.admin.advance(23 * hour);
      expect((await refund(charge, key)).id).toBe(first.id);
      await target.admin.advance(2 * hour);
      const second = await refund(charge, key);
      expect(second.id).not.toBe(first.id);
      expect(await refundsOf(charge)).toHaveLength(2);
    },
  );
});

describe("keys", () => {
  test("3 255 characters are accepted", async () => {
    const { charge } = await pay(target);
    const key = newKey().padEnd(255, "x");
    expect((await refund(charge, key)).id).toBe((await refund(charge, key)).id);
  });

  test("3 256 characters → 400", async () => {
    const { charge } = await pay(target);
    expect((await post(`charge=${charge}`, newKey().padEnd(256, "x"))).status).toBe(400);
    expect(await refundsOf(charge)).toEqual([]);
  });

  test("3 an empty key → 400", async () => {
    const { charge } = await pay(target);
    const answer = await post(`charge=${charge}`, "");
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: { message: expect.stringMatching(/Idempotency Key must be a non-empty string/) },
    });
    expect(await refundsOf(charge)).toEqual([]);
  });
});

describe("the same key for something else", () => {
  test.each([
    ["another amount", (charge: string) => `charge=${charge}&amount=900`],
    ["one parameter more", (charge: string) => `charge=${charge}&amount=1000&reason=duplicate`],
    ["one parameter less", (charge: string) => `charge=${charge}`],
    ["other metadata", (charge: string) => `charge=${charge}&amount=1000&metadata[a]=2`],
  ])("3 %s → 400 idempotency_error without code", async (_case, changed) => {
    const { charge } = await pay(target);
    const key = newKey();
    await post(`charge=${charge}&amount=1000`, key);
    const answer = await post(changed(charge), key);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: {
        type: "idempotency_error",
        message: expect.stringMatching(
          new RegExp(`can only be used with the same parameters they were first used with.*'${key}'`, "s"),
        ),
      },
    });
    expect(answer.json).not.toHaveProperty("error.code");
    expect(await refundsOf(charge)).toHaveLength(1);
  });

  test("3 the SDK gives StripeIdempotencyError", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    await refund(charge, key, 500);
    expect(await refusal(refund(charge, key, 600))).toMatchObject({
      as: "StripeIdempotencyError",
      status: 400,
    });
  });

  test("3 the conflict does not spoil the key: the first parameters still replay", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    const first = await refund(charge, key, 500);
    await refusal(refund(charge, key, 600));
    expect((await refund(charge, key, 500)).id).toBe(first.id);
  });

  test("3 another endpoint → 400, type left open", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    await post("metadata[a]=1", key, `/v1/charges/${charge}`);
    const answer = await post(`charge=${charge}`, key);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: { type: expect.stringMatching(/^(idempotency_error|invalid_request_error)$/) },
    });
    expect(await refundsOf(charge)).toEqual([]);
  });

  sandboxOnly(
    "3 another account: a separate execution, or refused; never the first one's answer",
    async () => {
      const other = { stripeAccount: (await target.admin.newAccount()).id };
      const [here, there] = [await pay(target), await pay(target, {}, other)];
      const idempotencyKey = newKey();
      const first = await stripe.refunds.create({ payment_intent: here.intent }, { ...on, idempotencyKey });
      const second = await stripe.refunds
        .create({ payment_intent: there.intent }, { ...other, idempotencyKey })
        .catch((error) => error);
      expect(second).not.toMatchObject({ id: first.id });
      expect([200, 400]).toContain(second.statusCode ?? second.lastResponse.statusCode);
    },
  );
});

describe("what is stored", () => {
  sandboxOnly("3 a refusal by the endpoint replays, also when it would succeed by now", async () => {
    const { charge } = await pay(target);
    const whole = await stripe.refunds.create({ charge }, on);
    const key = newKey();
    expect((await post(`charge=${charge}`, key)).json).toMatchObject({
      error: { code: "charge_already_refunded" },
    });
    await target.admin.moveRefund(whole.id, target.account, "failed", "declined");
    const again = await post(`charge=${charge}`, key);
    expect(again.status).toBe(400);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect((await post(`charge=${charge}`, newKey())).status).toBe(200);
  });

  test("3 a stored refusal is byte for byte the same", async () => {
    const { charge } = await pay(target);
    await stripe.refunds.create({ charge }, on);
    const key = newKey();
    const [first, second] = [await post(`charge=${charge}`, key), await post(`charge=${charge}`, key)];
    expect(first.status).toBe(400);
    expect(second.text).toBe(first.text);
  });

  sandboxOnly("3 a 500 is stored: the key answers 500 for ever, a new key succeeds", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    await target.admin.fault({ fault: "error_500_stored", method: "POST", path: "/v1/refunds" });
    const first = await refusal(refund(charge, key));
    expect(first).toMatchObject({ as: "StripeAPIError", status: 500, type: "api_error" });
    const second = await post(`charge=${charge}&amount=1000`, key);
    expect(second.status).toBe(500);
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(await refundsOf(charge)).toEqual([]);
    expect((await refund(charge, newKey())).status).toBe("succeeded");
  });

  sandboxOnly("3 a 500 after the work: the refund exists, the key answers 500; the list tells", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    await target.admin.fault({ fault: "error_500_after", method: "POST", path: "/v1/refunds" });
    expect((await refusal(refund(charge, key))).status).toBe(500);
    expect((await refusal(refund(charge, key))).status).toBe(500);
    expect(await refundsOf(charge)).toHaveLength(1);
  });

  sandboxOnly(
    "3 a 500 is indeterminate: what was asked for may come about later, under the same key",
    async () => {
      const { charge } = await pay(target);
      const key = newKey();
      await target.admin.fault({ fault: "error_500_later", path: "/v1/refunds", delayMs: 2 * hour });
      expect((await refusal(refund(charge, key))).status).toBe(500);
      await target.admin.advance(hour);
      expect(await refundsOf(charge)).toEqual([]);
      expect((await post(`charge=${charge}&amount=1000`, key)).headers.get("idempotent-replayed")).toBe(
        "true",
      );
      await target.admin.advance(hour);
      expect(await refundsOf(charge)).toHaveLength(1);
      const { data } = await stripe.events.list({ type: "refund.created", limit: 1 }, on);
      expect(data[0]?.request?.idempotency_key).toBe(key);
      expect((await refusal(refund(charge, key))).status).toBe(500);
    },
  );

  sandboxOnly("3 what the charge no longer allows does not come about later", async () => {
    const { charge } = await pay(target);
    await target.admin.fault({ fault: "error_500_later", path: "/v1/refunds", delayMs: hour });
    expect((await refusal(refund(charge, newKey()))).status).toBe(500);
    await stripe.refunds.create({ charge }, on);
    await target.admin.advance(2 * hour);
    expect(await refundsOf(charge)).toHaveLength(1);
  });

  sandboxOnly("3 a 500 before execution began is not stored: the same key succeeds", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    await target.admin.fault({ fault: "error_500_not_stored", method: "POST", path: "/v1/refunds" });
    expect((await refusal(refund(charge, key))).status).toBe(500);
    const made = await refund(charge, key);
    expect(made.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
    expect(await refundsOf(charge)).toHaveLength(1);
  });
});

describe("what is not stored", () => {
  test.each([
    ["an unknown parameter", (charge: string) => `charge=${charge}&colour=red`],
    ["not an integer", (charge: string) => `charge=${charge}&amount=abc`],
    ["an empty parameter", (charge: string) => `charge=${charge}&amount=`],
  ])("3 %s: the same key may be used with good parameters", async (_case, bad) => {
    const { charge } = await pay(target);
    const key = newKey();
    expect((await post(bad(charge), key)).status).toBe(400);
    const good = await post(`charge=${charge}&amount=1000`, key);
    expect(good.status).toBe(200);
    expect(good.headers.get("idempotent-replayed")).toBeNull();
  });

  test("3 a 401: the same key succeeds with the right secret", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    const denied = await target.raw("POST", "/v1/refunds", {
      authorization: "Bearer sk_test_contractsuitewrongkeyabcd",
      account: target.account,
      body: `charge=${charge}`,
      headers: { "Idempotency-Key": key },
    });
    expect(denied.status).toBe(401);
    expect((await post(`charge=${charge}`, key)).status).toBe(200);
  });

  sandboxOnly.each([
    ["a 429 rate_limit", "rate_limit", 429],
    ["a 429 lock_timeout", "lock_timeout", 429],
    ["a 409 idempotency_key_in_use", "idempotency_key_in_use", 409],
  ] as const)("3 %s: the same key succeeds afterwards", async (_case, fault, status) => {
    const { charge } = await pay(target);
    const key = newKey();
    await target.admin.fault({ fault, method: "POST", path: "/v1/refunds" });
    expect(await refusal(refund(charge, key))).toMatchObject({ status, code: fault });
    expect(await refundsOf(charge)).toEqual([]);
    expect((await refund(charge, key)).status).toBe("succeeded");
  });
});

describe("the same key at the same time", () => {
  sandboxOnly("3 one executes, the other → 409 idempotency_key_in_use; afterwards it replays", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    await target.admin.fault({ fault: "slow", method: "POST", path: "/v1/refunds", delayMs: 400 });
    const answers = await Promise.all([post(`charge=${charge}`, key), post(`charge=${charge}`, key)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const conflict = answers.find(({ status }) => status === 409);
    expect(conflict?.json).toMatchObject({
      error: {
        code: "idempotency_key_in_use",
        type: expect.stringMatching(/^(invalid_request_error|idempotency_error)$/),
        message: expect.stringMatching(
          /currently another in-progress request using this Idempotent Key.*try again later/s,
        ),
      },
    });
    expect(conflict?.headers.get("stripe-should-retry")).not.toBe("false");
    const replay = await post(`charge=${charge}`, key);
    expect(replay.headers.get("idempotent-replayed")).toBe("true");
    expect(await refundsOf(charge)).toHaveLength(1);
  });

  sandboxOnly("3 the SDK gives a 409 as StripeAPIError, and retries it by itself", async () => {
    const { charge } = await pay(target);
    await target.admin.fault({
      fault: "idempotency_key_in_use",
      method: "POST",
      path: "/v1/refunds",
      times: 2,
    });
    expect(await refusal(refund(charge, newKey()))).toMatchObject({
      as: "StripeAPIError",
      status: 409,
      code: "idempotency_key_in_use",
    });
    const patient = target.client(target.key, { maxNetworkRetries: 1 });
    expect((await patient.refunds.create({ charge }, on)).status).toBe("succeeded");
  });

  test("3 ten at once make at most one refund", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post(`charge=${charge}&amount=100`, key)),
    );
    for (const { status } of answers) expect([200, 409, 429]).toContain(status);
    expect(await refundsOf(charge)).toHaveLength(1);
  });
});
