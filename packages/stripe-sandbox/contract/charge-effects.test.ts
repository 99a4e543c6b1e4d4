// What a refund does to its charge and to the balance, against Stripe's documented behaviour.
import { describe, expect, test } from "vitest";
import { authorize, idOf, pay } from "./payment.ts";
import { refunding } from "./refunding.ts";
import { openTarget, refusal, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe, on } = target;
const { refund, charged, refundsOf } = refunding(target);

describe("what changes on the charge", () => {
  test("4.6 a partial refund raises amount_refunded and nothing else", async () => {
    const { charge, intent } = await pay(target);
    await refund({ charge, amount: 1500 });
    expect(await charged(charge)).toMatchObject({
      amount: 5000,
      amount_captured: 5000,
      amount_refunded: 1500,
      refunded: false,
      status: "succeeded",
      disputed: false,
      captured: true,
      paid: true,
    });
    expect((await stripe.paymentIntents.retrieve(intent, {}, on)).status).toBe("succeeded");
  });

  test("4.6 a full refund turns refunded true; charge and payment intent stay succeeded", async () => {
    const { charge, intent } = await pay(target);
    await refund({ charge });
    expect(await charged(charge)).toMatchObject({
      amount_refunded: 5000,
      refunded: true,
      status: "succeeded",
    });
    expect((await stripe.paymentIntents.retrieve(intent, {}, on)).status).toBe("succeeded");
  });

  test("4.6 charge.refunds is absent unless expanded", async () => {
    const { charge, intent } = await pay(target);
    await refund({ charge, amount: 100 });
    expect(await charged(charge)).not.toHaveProperty("refunds");
    const expected = {
      object: "list",
      has_more: false,
      url: `/v1/charges/${charge}/refunds`,
      data: [{ amount: 100 }],
    };
    expect((await stripe.charges.retrieve(charge, { expand: ["refunds"] }, on)).refunds).toMatchObject(
      expected,
    );
    const listed = await stripe.charges.list({ payment_intent: intent, expand: ["data.refunds"] }, on);
    expect(listed.data[0]?.refunds).toMatchObject(expected);
    const viaIntent = await stripe.paymentIntents.retrieve(intent, { expand: ["latest_charge.refunds"] }, on);
    expect(viaIntent.latest_charge).toMatchObject({ refunds: expected });
  });

  test("4.6 the expanded list holds ten, then has_more", async () => {
    const { charge } = await pay(target);
    for (let index = 0; index < 11; index += 1) await refund({ charge, amount: 1 });
    const { refunds } = await stripe.charges.retrieve(charge, { expand: ["refunds"] }, on);
    expect(refunds?.data).toHaveLength(10);
    expect(refunds?.has_more).toBe(true);
    expect((await stripe.refunds.list({ charge, limit: 100 }, on)).data).toHaveLength(11);
  });

  test("4.5 what is left is what was captured, not what was authorised", async () => {
    const { charge, intent } = await authorize(target);
    await stripe.paymentIntents.capture(intent, { amount_to_capture: 3000 }, on);
    expect(await charged(charge)).toMatchObject({ amount: 5000, amount_captured: 3000 });
    expect((await refusal(refund({ charge, amount: 3001 }))).param).toBe("amount");
    expect((await refund({ charge })).amount).toBe(3000);
  });

  test("4.6 partial capture and cancellation make no refund objects", async () => {
    const [part, whole] = [await authorize(target), await authorize(target)];
    await stripe.paymentIntents.capture(part.intent, { amount_to_capture: 3000 }, on);
    expect((await stripe.paymentIntents.cancel(whole.intent, {}, on)).status).toBe("canceled");
    expect(await refundsOf(part.charge)).toEqual([]);
    expect(await refundsOf(whole.charge)).toEqual([]);
  });
});

describe("ledger", () => {
  test("4.7 the refund's balance transaction", async () => {
    const { charge } = await pay(target, { description: "Order A-1" });
    const made = await refund({ charge, amount: 1200 });
    expect(await stripe.balanceTransactions.retrieve(idOf(made.balance_transaction), {}, on)).toMatchObject({
      object: "balance_transaction",
      type: "refund",
      reporting_category: "refund",
      amount: -1200,
      fee: 0,
      net: -1200,
      source: made.id,
      description: "REFUND FOR CHARGE (Order A-1)",
    });
  });

  test("4.7 a refund tells its balance transaction when asked to expand it, and one that did not fail no other", async () => {
    const { charge } = await pay(target);
    const made = await refund({ charge, amount: 700 });
    const expand = ["balance_transaction", "failure_balance_transaction"];
    const asked = await stripe.refunds.retrieve(made.id, { expand }, on);
    expect(asked.balance_transaction).toMatchObject({
      id: idOf(made.balance_transaction),
      amount: -700,
      fee: 0,
      fee_details: [],
      net: -700,
      currency: "usd",
    });
    expect(asked.failure_balance_transaction ?? null).toBeNull();
  });

  // UNCONFIRMED at Stripe itself, but for `net` = `amount` - `fee`.
  sandboxOnly(
    "4.7 an application fee that is given back is a fee below zero on the merchant's side",
    async () => {
      const { charge } = await pay(target, { application_fee_amount: 500 });
      const made = await refund({ charge, amount: 1000, refund_application_fee: true });
      const { balance_transaction: booked } = await stripe.refunds.retrieve(
        made.id,
        { expand: ["balance_transaction"] },
        on,
      );
      expect(booked).toMatchObject({
        amount: -1000,
        fee: -100,
        fee_details: [{ type: "application_fee", amount: -100 }],
        net: -900,
      });
    },
  );

  test("4.7 the processing fee is not returned", async () => {
    const { charge } = await pay(target);
    const feeOf = async () =>
      (await stripe.charges.retrieve(charge, { expand: ["balance_transaction"] }, on)).balance_transaction;
    const before = await feeOf();
    expect(before).toMatchObject({ type: "charge", amount: 5000, fee: expect.any(Number) });
    await refund({ charge });
    expect(await feeOf()).toEqual(before);
  });

  sandboxOnly("4.2 the money leaves the connected account's balance, and comes back on failure", async () => {
    const merchant = await target.admin.newAccount();
    const there = { stripeAccount: merchant.id };
    const { charge } = await pay(target, {}, there);
    await target.admin.balance(merchant.id, 20_000);
    const available = async () =>
      (await stripe.balance.retrieve({}, there)).available.find((b) => b.currency === "usd")?.amount;
    const platform = async () => JSON.stringify((await stripe.balance.retrieve()).available);
    const platformBefore = await platform();
    const made = await stripe.refunds.create({ charge, amount: 2000 }, there);
    expect(await available()).toBe(18_000);
    await target.admin.moveRefund(made.id, merchant.id, "failed", "declined");
    expect(await available()).toBe(20_000);
    expect(await platform()).toBe(platformBefore);
  });

  test("9 balance transactions are found by source and by type", async () => {
    const { charge } = await pay(target);
    const made = await refund({ charge, amount: 10 });
    const bySource = await stripe.balanceTransactions.list({ source: made.id }, on);
    expect(bySource.data.map(({ id }) => id)).toEqual([idOf(made.balance_transaction)]);
    const byType = await stripe.balanceTransactions.list({ type: "refund", limit: 100 }, on);
    expect(new Set(byType.data.map(({ type }) => type))).toEqual(new Set(["refund"]));
  });

  test("9 balance transactions are listed with the account", async () => {
    const { charge } = await pay(target);
    const made = await refund({ charge, amount: 10 });
    const listed = await stripe.balanceTransactions.list({ limit: 10 }, on);
    expect(listed.data.map(({ id }) => id)).toContain(idOf(made.balance_transaction));
  });
});

describe.each([true, false])(
  "4.6 unconfirmed: a pending refund raises amount_refunded: %s",
  async (raises) => {
    const other = await openTarget({ pendingRefundRaisesAmountRefunded: raises });

    sandboxOnly(
      "4.6 either way it counts against what is left, and amount_refunded is right once it is done",
      async () => {
        const { charge } = await pay(other, { payment_method: "pm_card_pendingRefund" });
        const { id } = await other.stripe.refunds.create({ charge }, other.on);
        const amount = async () =>
          (await other.stripe.charges.retrieve(charge, {}, other.on)).amount_refunded;
        expect(await amount()).toBe(raises ? 5000 : 0);
        expect((await refusal(other.stripe.refunds.create({ charge, amount: 1 }, other.on))).status).toBe(
          400,
        );
        await other.admin.moveRefund(id, other.account, "succeeded");
        expect(await amount()).toBe(5000);
      },
    );
  },
);
