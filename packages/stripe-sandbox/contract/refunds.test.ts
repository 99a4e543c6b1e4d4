// Making, changing and listing refunds, against Stripe's documented behaviour.
import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { pay } from "./payment.ts";
import { refunding } from "./refunding.ts";
import { newKey, openTarget, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe, on } = target;
const { refund, fetched, charged, refundsOf, refundIn } = refunding(target);

describe("create", () => {
  test("4.2 by charge: the default amount is all of it, card refunds succeed at once", async () => {
    const { charge, intent } = await pay(target);
    expect(await refund({ charge })).toMatchObject({
      amount: 5000,
      charge,
      payment_intent: intent,
      status: "succeeded",
    });
  });

  test("4.2 by payment intent", async () => {
    const { charge, intent } = await pay(target);
    expect(await refund({ payment_intent: intent, amount: 700 })).toMatchObject({
      amount: 700,
      charge,
      payment_intent: intent,
    });
  });

  test("4.2 after partials the default amount is what is left", async () => {
    const { charge } = await pay(target);
    await refund({ charge, amount: 1999 });
    await refund({ charge, amount: 1 });
    expect((await refund({ charge })).amount).toBe(3000);
    expect((await charged(charge)).refunded).toBe(true);
  });

  test.each(["duplicate", "fraudulent", "requested_by_customer"] as const)(
    "4.2 reason %s is kept",
    async (reason) => {
      const { charge } = await pay(target);
      expect((await refund({ charge, amount: 100, reason })).reason).toBe(reason);
    },
  );

  test("4.2 without reason it is null", async () => {
    expect((await refund({ charge: (await pay(target)).charge })).reason).toBeNull();
  });

  test("4.2 metadata is kept", async () => {
    const { charge } = await pay(target);
    const metadata = { refund_intent: "ri_77", note: "größer & 'schöner'" };
    expect((await refund({ charge, metadata })).metadata).toEqual(metadata);
  });

  test("4.2 expand works on create", async () => {
    const { charge } = await pay(target);
    const made = await refund({
      charge,
      amount: 100,
      expand: ["charge", "balance_transaction", "payment_intent"],
    });
    expect(made).toMatchObject({
      charge: { id: charge, object: "charge", amount_refunded: 100 },
      balance_transaction: { object: "balance_transaction", amount: -100 },
      payment_intent: { object: "payment_intent" },
    });
  });

  test("4.2 an application fee stays with the platform unless refund_application_fee", async () => {
    const { charge } = await pay(target, { application_fee_amount: 500 });
    expect(await charged(charge)).toMatchObject({
      application_fee_amount: 500,
      application_fee: expect.stringMatching(/^fee_/),
    });
    expect((await refund({ charge, amount: 1000 })).status).toBe("succeeded");
    expect((await refund({ charge, amount: 1000, refund_application_fee: true })).status).toBe("succeeded");
  });
});

describe("object", () => {
  test("4.3 a card refund: every member that is always present, none of the others, no livemode", async () => {
    const { charge, intent } = await pay(target);
    const made = await refund({ charge, amount: 1500 });
    expect({ ...made }).toEqual({
      id: expect.stringMatching(/^(re|pyr)_/),
      object: "refund",
      amount: 1500,
      balance_transaction: expect.stringMatching(/^txn_/),
      charge,
      created: expect.any(Number),
      currency: "usd",
      customer: null,
      customer_account: null,
      destination_details: {
        card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
        type: "card",
      },
      metadata: {},
      payment_intent: intent,
      payment_method: expect.stringMatching(/^pm_/),
      reason: null,
      receipt_number: null,
      source_transfer_reversal: null,
      status: "succeeded",
      transfer_reversal: null,
    });
  });

  test("4.3 fetching answers the same object as creating", async () => {
    const made = await refund({ charge: (await pay(target)).charge, amount: 100 });
    expect({ ...(await fetched(made.id)) }).toEqual({ ...made });
  });

  sandboxOnly("4.3 created is the time of Stripe's clock, in seconds", async () => {
    const before = Math.floor((await target.admin.now()) / 1000);
    const made = await refund({ charge: (await pay(target)).charge });
    expect(made.created).toBeGreaterThanOrEqual(before);
    expect(made.created).toBeLessThanOrEqual(before + 60);
  });

  sandboxOnly("4.3 the acquirer's reference arrives later", async () => {
    const { id } = await refundIn("succeeded");
    await target.admin.reference(id, target.account, "74715960000000000000001");
    expect((await fetched(id)).destination_details).toMatchObject({
      card: { reference: "74715960000000000000001", reference_status: "available" },
    });
  });
});

describe("at the same time", () => {
  test("4.5 two equal partials with different keys both count while enough is left", async () => {
    const { charge } = await pay(target);
    const results = await Promise.allSettled([1, 2].map(() => refund({ charge, amount: 1000 })));
    for (const result of results) {
      if (result.status === "rejected")
        expect(result.reason).toMatchObject({ statusCode: 429, code: "lock_timeout" });
    }
    const done = results.filter(({ status }) => status === "fulfilled").length;
    expect(done).toBeGreaterThanOrEqual(1);
    expect((await charged(charge)).amount_refunded).toBe(1000 * done);
  });

  test("4.5 eight that together ask for too much never take more than was paid", async () => {
    const { charge } = await pay(target);
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        stripe.refunds.create({ charge, amount: 2000 }, { ...on, idempotencyKey: newKey() }),
      ),
    );
    const done = results.filter(({ status }) => status === "fulfilled").length;
    expect(done).toBeGreaterThanOrEqual(1);
    expect(done).toBeLessThanOrEqual(2);
    expect((await charged(charge)).amount_refunded).toBe(2000 * done);
  });
});

describe("update", () => {
  test("4.1 metadata only, merged", async () => {
    const { charge } = await pay(target);
    const { id } = await refund({ charge, metadata: { a: "1", b: "2" } });
    expect((await stripe.refunds.update(id, { metadata: { b: "", c: "3" } }, on)).metadata).toEqual({
      a: "1",
      c: "3",
    });
    expect((await fetched(id)).metadata).toEqual({ a: "1", c: "3" });
  });

  test.each(["amount=1", "reason=duplicate", "status=failed"])("4.1 %s cannot be updated", async (body) => {
    const { id } = await refund({ charge: (await pay(target)).charge });
    const answer = await target.raw("POST", `/v1/refunds/${id}`, { account: target.account, body });
    expect(answer).toMatchObject({ status: 400, json: { error: { code: "parameter_unknown" } } });
  });
});

describe("list", () => {
  test("4.1 by charge and by payment intent, newest first", async () => {
    const { charge, intent } = await pay(target);
    const ids: string[] = [];
    for (const amount of [1, 2, 3]) ids.unshift((await refund({ charge, amount })).id);
    const byCharge = await stripe.refunds.list({ charge }, on);
    expect(byCharge).toMatchObject({ object: "list", url: "/v1/refunds", has_more: false });
    expect(byCharge.data.map(({ id }) => id)).toEqual(ids);
    expect((await stripe.refunds.list({ payment_intent: intent }, on)).data.map(({ id }) => id)).toEqual(ids);
  });

  sandboxOnly("4.1 by time of creation", async () => {
    const merchant = await target.admin.newAccount();
    const there = { stripeAccount: merchant.id };
    const { charge } = await pay(target, {}, there);
    const made: Stripe.Refund[] = [];
    for (const amount of [1, 2, 3]) {
      made.push(await stripe.refunds.create({ charge, amount }, there));
      await target.admin.advance(60_000);
    }
    const middle = made[1]?.created ?? 0;
    const amounts = async (created: Stripe.RangeQueryParam) =>
      (await stripe.refunds.list({ created }, there)).data.map(({ amount }) => amount);
    expect(await amounts({ gt: middle })).toEqual([3]);
    expect(await amounts({ gte: middle })).toEqual([3, 2]);
    expect(await amounts({ lt: middle })).toEqual([1]);
    expect(await amounts({ lte: middle })).toEqual([2, 1]);
    expect(await amounts({ gte: middle, lte: middle })).toEqual([2]);
  });

  test("4.1 refunds of other charges and accounts do not show", async () => {
    const { charge } = await pay(target);
    expect(await refundsOf(charge)).toEqual([]);
    await refund({ charge, amount: 100 });
    expect(
      (await stripe.refunds.list({ limit: 100 })).data.filter((other) => other.charge === charge),
    ).toEqual([]);
  });

  test("4.1 the older routes under the charge", async () => {
    const { charge } = await pay(target);
    const made = await target.raw("POST", `/v1/charges/${charge}/refunds`, {
      account: target.account,
      body: "amount=300",
    });
    expect(made).toMatchObject({ status: 200, json: { object: "refund", amount: 300, charge } });
    const [only] = await refundsOf(charge);
    const listed = await target.raw("GET", `/v1/charges/${charge}/refunds`, { account: target.account });
    expect(listed.json).toMatchObject({
      object: "list",
      url: `/v1/charges/${charge}/refunds`,
      data: [{ id: only?.id }],
    });
    const one = await target.raw("GET", `/v1/charges/${charge}/refunds/${only?.id}`, {
      account: target.account,
    });
    expect(one.json).toMatchObject({ id: only?.id, amount: 300 });
  });
});
