// Rate limits, locks, pages and failing connections, against Stripe's documented behaviour.
import Stripe from "stripe";
import { afterEach, describe, expect, test } from "vitest";
import type { Fault } from "./admin.ts";
import { pay } from "./payment.ts";
import { againstRealStripe, newKey, openTarget, refusal, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe, on } = target;
/** One attempt and no more: the Node client would send again after a closed connection. */
const once = target.client(target.key, { httpClient: Stripe.createFetchHttpClient() });

const refundsOf = async (charge: string) => (await stripe.refunds.list({ charge }, on)).data;
const refund = (client: Stripe, charge: string, idempotencyKey = newKey(), amount = 1000) =>
  client.refunds.create({ charge, amount }, { ...on, idempotencyKey });
const fault = (kind: Fault["fault"], more: Partial<Fault> = {}) =>
  target.admin.fault({ fault: kind, method: "POST", path: "/v1/refunds", ...more });

afterEach(async () => {
  if (!againstRealStripe) await target.admin.clearFaults();
});

describe("rate limit", async () => {
  let now = Date.now();
  const limited = await openTarget({ rateLimitPerSecond: 5, now: () => now });
  const burst = (client: Stripe, count: number) =>
    Promise.allSettled(Array.from({ length: count }, () => client.charges.list({}, limited.on)));

  sandboxOnly("6 past the limit → 429 rate_limit with its reason, until time has passed", async () => {
    now += 10_000;
    const results = await burst(limited.stripe, 20);
    const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(refused.length).toBeLessThanOrEqual(15);
    for (const error of refused) {
      expect(error).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
      expect(error).toMatchObject({
        statusCode: 429,
        rawType: "invalid_request_error",
        code: "rate_limit",
        message: expect.stringMatching(/Request rate limit exceeded/),
        requestId: expect.stringMatching(/^req_/),
      });
      expect(error.headers["stripe-rate-limited-reason"]).toMatch(
        /^(global-rate|endpoint-rate|global-concurrency|endpoint-concurrency|resource-specific)$/,
      );
      expect(error.headers).not.toHaveProperty("retry-after");
    }
    now += 2000;
    expect((await burst(limited.stripe, 4)).map(({ status }) => status)).toEqual(Array(4).fill("fulfilled"));
  });

  sandboxOnly("6 it is checked before idempotency: nothing stored, the same key works later", async () => {
    now += 10_000;
    const { charge } = await pay(limited);
    await burst(limited.stripe, 10);
    const idempotencyKey = newKey();
    const call = () => limited.stripe.refunds.create({ charge }, { ...limited.on, idempotencyKey });
    expect((await refusal(call())).code).toBe("rate_limit");
    now += 2000;
    const made = await call();
    expect(made.status).toBe("succeeded");
    expect(made.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
  });
});

describe("429 on purpose", () => {
  sandboxOnly("6 the SDK does not retry rate_limit", async () => {
    const { charge } = await pay(target);
    await fault("rate_limit");
    const patient = target.client(target.key, { maxNetworkRetries: 2 });
    const failure = await refusal(refund(patient, charge));
    expect(failure).toMatchObject({ as: "StripeRateLimitError", status: 429, code: "rate_limit" });
    expect(failure.error.headers).toHaveProperty("stripe-rate-limited-reason");
    expect(await target.admin.faults()).toEqual([]);
    expect(await refundsOf(charge)).toEqual([]);
  });

  sandboxOnly(
    "6 lock_timeout: 429 without a reason header, and Stripe-Should-Retry: true makes the SDK try again",
    async () => {
      const { charge } = await pay(target);
      await fault("lock_timeout", { times: 2 });
      const failure = await refusal(refund(stripe, charge));
      expect(failure).toMatchObject({
        as: "StripeRateLimitError",
        status: 429,
        type: "invalid_request_error",
        code: "lock_timeout",
        message: expect.stringMatching(/another.*(request|process)/i),
      });
      expect(failure.error.headers).not.toHaveProperty("stripe-rate-limited-reason");
      expect(failure.error.headers).toHaveProperty("stripe-should-retry", "true");
      expect((await refund(target.client(target.key, { maxNetworkRetries: 1 }), charge)).status).toBe(
        "succeeded",
      );
      expect(await refundsOf(charge)).toHaveLength(1);
    },
  );
});

describe("pages", () => {
  const thereOf = (async () =>
    againstRealStripe ? on : { stripeAccount: (await target.admin.newAccount()).id })();
  const madeOf = (async () => {
    const there = await thereOf;
    const charges: string[] = [];
    for (let index = 0; index < 12; index += 1) charges.unshift((await pay(target, {}, there)).charge);
    return charges;
  })();
  const page = async (params: Stripe.ChargeListParams = {}) => {
    await madeOf;
    const list = await stripe.charges.list(params, await thereOf);
    return { ids: list.data.map(({ id }) => id), hasMore: list.has_more };
  };

  test("6 the shape of a list", async () => {
    const list = await stripe.charges.list({ limit: 1 }, await thereOf);
    expect(Object.keys(list).sort()).toEqual(["data", "has_more", "object", "url"]);
    expect(list).toMatchObject({ object: "list", url: "/v1/charges" });
  });

  test("6 an empty list", async () => {
    const { charge } = await pay(target);
    const list = await stripe.refunds.list({ charge }, on);
    expect({ ...list }).toEqual({ object: "list", data: [], has_more: false, url: "/v1/refunds" });
  });

  test("6 ten by default, newest first", async () => {
    expect(await page()).toEqual({ ids: (await madeOf).slice(0, 10), hasMore: true });
  });

  test("6 starting_after goes on with older ones", async () => {
    const made = await madeOf;
    expect((await page({ limit: 3, starting_after: made[2] ?? "" })).ids).toEqual(made.slice(3, 6));
  });

  sandboxOnly("6 has_more is false on the last page", async () => {
    const made = await madeOf;
    expect(await page({ limit: 3, starting_after: made[8] ?? "" })).toEqual({
      ids: made.slice(9),
      hasMore: false,
    });
    expect(await page({ limit: 12 })).toEqual({ ids: made, hasMore: false });
    expect(await page({ limit: 11 })).toEqual({ ids: made.slice(0, 11), hasMore: true });
    expect(await page({ starting_after: made[11] ?? "" })).toEqual({ ids: [], hasMore: false });
  });

  test("6 ending_before gives the ones just before it, newest first", async () => {
    const made = await madeOf;
    expect(await page({ limit: 3, ending_before: made[6] ?? "" })).toEqual({
      ids: made.slice(3, 6),
      hasMore: true,
    });
    expect((await page({ limit: 5, ending_before: made[2] ?? "" })).ids).toEqual(made.slice(0, 2));
  });

  test("6 both cursors → 400", async () => {
    const [first = "", second = ""] = await madeOf;
    expect((await refusal(page({ starting_after: first, ending_before: second }))).status).toBe(400);
  });

  const lists = [
    ["charges", (params: Stripe.PaginationParams) => stripe.charges.list(params, on)],
    ["refunds", (params: Stripe.PaginationParams) => stripe.refunds.list(params, on)],
    ["payment_intents", (params: Stripe.PaginationParams) => stripe.paymentIntents.list(params, on)],
    ["disputes", (params: Stripe.PaginationParams) => stripe.disputes.list(params, on)],
    [
      "balance_transactions",
      (params: Stripe.PaginationParams) => stripe.balanceTransactions.list(params, on),
    ],
    [
      "early_fraud_warnings",
      (params: Stripe.PaginationParams) => stripe.radar.earlyFraudWarnings.list(params, on),
    ],
  ] as const;
  const cursors = ["starting_after", "ending_before"] as const;
  test.each(lists.flatMap(([name, list]) => cursors.map((cursor) => [name, cursor, list] as const)))(
    "6 %s: unknown %s → 400 resource_missing, param is the cursor",
    async (_name, cursor, list) => {
      expect(await refusal(list({ [cursor]: "xx_none" }))).toMatchObject({
        status: 400,
        code: "resource_missing",
        param: cursor,
      });
    },
  );

  test.each([1, 100])("6 limit %d is allowed", async (limit) => {
    expect((await page({ limit })).ids.length).toBeLessThanOrEqual(limit);
  });

  test.each([0, 101, 1000])("6 limit %d is clamped to 1-100 (or refused)", async (limit) => {
    const answer = await page({ limit }).catch((error) => error);
    if (answer instanceof Error) expect(answer).toMatchObject({ statusCode: 400, param: "limit" });
    else expect(answer.ids.length).toBe(limit === 0 ? 1 : Math.min(12, limit));
  });

  sandboxOnly(
    "6 auto-paging gives each one once, asking the same account with the same parameters",
    async () => {
      const made = await madeOf;
      const there = await thereOf;
      const seen: string[] = [];
      for await (const { id } of stripe.charges.list({ limit: 5, created: { gt: 1 } }, there)) seen.push(id);
      expect(seen).toEqual(made);
      const asked = (await target.admin.requests())
        .filter(({ account }) => account === there.stripeAccount)
        .slice(-3);
      expect(asked).toHaveLength(3);
      expect(await stripe.charges.list({ limit: 2 }, there).autoPagingToArray({ limit: 7 })).toHaveLength(7);
    },
  );
});

describe("connections", () => {
  const connection = { as: "StripeConnectionError", status: undefined, requestId: undefined };

  sandboxOnly(
    "2.3 dropped before execution: StripeConnectionError, nothing happened; the same key makes one",
    async () => {
      const { charge } = await pay(target);
      const key = newKey();
      await fault("drop_before");
      expect(await refusal(refund(once, charge, key))).toMatchObject(connection);
      expect(await refundsOf(charge)).toEqual([]);
      const made = await refund(once, charge, key);
      expect((await refundsOf(charge)).map(({ id }) => id)).toEqual([made.id]);
    },
  );

  sandboxOnly(
    "2.3 dropped after execution: the same error, but the refund exists; the same key tells which",
    async () => {
      const { charge } = await pay(target);
      const key = newKey();
      await fault("drop_after");
      expect(await refusal(refund(once, charge, key))).toMatchObject(connection);
      const [made] = await refundsOf(charge);
      const again = await target.raw("POST", "/v1/refunds", {
        account: target.account,
        body: `charge=${charge}&amount=1000`,
        headers: { "Idempotency-Key": key },
      });
      expect(again).toMatchObject({ status: 200, json: { id: made?.id } });
      expect(again.headers.get("idempotent-replayed")).toBe("true");
      expect(await refundsOf(charge)).toHaveLength(1);
    },
  );

  sandboxOnly("8 dropped after execution and tried with a fresh key: paid twice", async () => {
    const { charge } = await pay(target);
    await fault("drop_after");
    await refusal(refund(once, charge));
    await refund(once, charge);
    expect(await refundsOf(charge)).toHaveLength(2);
  });

  sandboxOnly(
    "2.5 the Node client sends once more after a reset even with no retries, under the same key",
    async () => {
      const { charge } = await pay(target);
      const key = newKey();
      await fault("drop_after");
      expect((await refund(stripe, charge, key)).status).toBe("succeeded");
      expect(await refundsOf(charge)).toHaveLength(1);
      const sent = (await target.admin.requests()).filter(({ idempotencyKey }) => idempotencyKey === key);
      expect(sent.at(-1)).toMatchObject({ method: "POST", path: "/v1/refunds", status: 200, replayed: true });
    },
  );

  sandboxOnly("2.5 slower than the client's timeout: StripeConnectionError, then the same key", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    await fault("slow", { delayMs: 300 });
    const impatient = once.refunds.create(
      { charge, amount: 1000 },
      { ...on, idempotencyKey: key, timeout: 50 },
    );
    expect(await refusal(impatient)).toMatchObject({
      ...connection,
      message: expect.stringMatching(/timeout/),
    });
    await expect
      .poll(
        async () =>
          (
            await target.raw("POST", "/v1/refunds", {
              account: target.account,
              body: `charge=${charge}&amount=1000`,
              headers: { "Idempotency-Key": key },
            })
          ).status,
      )
      .toBe(200);
    expect(await refundsOf(charge)).toHaveLength(1);
  });

  sandboxOnly("2.3 an answer that is not JSON → StripeAPIError", async () => {
    const { charge } = await pay(target);
    await fault("invalid_json");
    expect(await refusal(refund(once, charge))).toMatchObject({
      as: "StripeAPIError",
      message: expect.stringMatching(/Invalid JSON received from the Stripe API/),
    });
  });

  sandboxOnly("8 a 500 is retried by the SDK with the same key", async () => {
    const { charge } = await pay(target);
    await fault("error_500_not_stored");
    const patient = target.client(target.key, { maxNetworkRetries: 1 });
    const key = newKey();
    expect((await refund(patient, charge, key)).status).toBe("succeeded");
    expect(await refundsOf(charge)).toHaveLength(1);
  });
});

describe("faults keep to their target", () => {
  sandboxOnly("8 they wait for their method, path and account, and end after their times", async () => {
    const { charge } = await pay(target);
    const other = await target.admin.newAccount();
    await fault("error_500_not_stored", { account: other.id });
    expect((await refund(once, charge)).status).toBe("succeeded");
    await target.admin.clearFaults();
    await fault("error_500_not_stored", { times: 2 });
    expect(await refundsOf(charge)).toHaveLength(1);
    expect((await refusal(refund(once, charge))).status).toBe(500);
    expect((await refusal(refund(once, charge))).status).toBe(500);
    expect((await refund(once, charge)).status).toBe("succeeded");
  });

  sandboxOnly("8 the path may be a pattern; a pattern that is none is refused", async () => {
    const { charge } = await pay(target);
    await fault("error_500_not_stored", { method: "GET", path: "^/v1/charges/ch_\\w+$" });
    expect((await stripe.charges.list({ limit: 1 }, on)).data).toHaveLength(1);
    expect((await refusal(stripe.charges.retrieve(charge, {}, on))).status).toBe(500);
    expect((await stripe.charges.retrieve(charge, {}, on)).id).toBe(charge);
    await expect(fault("error_500_not_stored", { path: "(" })).rejects.toThrow(/400/);
  });

  sandboxOnly("8 an account revoked in the middle: the next attempt → 403", async () => {
    const other = await target.admin.newAccount();
    const there = { stripeAccount: other.id };
    const { charge } = await pay(target, {}, there);
    const idempotencyKey = newKey();
    await fault("drop_before");
    await refusal(once.refunds.create({ charge }, { ...there, idempotencyKey }));
    await target.admin.revoke(other.id);
    expect(await refusal(once.refunds.create({ charge }, { ...there, idempotencyKey }))).toMatchObject({
      status: 403,
      code: "account_invalid",
    });
  });
});
