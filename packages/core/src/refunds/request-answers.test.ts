import { approvals, purchases, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { askRefund, driveRefund, execute, testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { blockedSentences } from "./blockage.ts";
import { dueRefunds } from "./due-refunds.ts";
import { getRefund } from "./get-refund.ts";
import { requestRefund } from "./request-refund.ts";
import { resumeBlocked } from "./resume-refunds.ts";
import { settleRefund } from "./settle-refund.ts";
import { withdrawRefund } from "./withdraw-refund.ts";

// What whoever asks is told: the code, and the facts by which a program can go on.
let harness: Harness;
let open: TestApp;
let ruled: TestApp;

beforeAll(async () => {
  harness = await startHarness();
  open = await harness.app();
  ruled = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
});
afterAll(() => harness.close());

const correlationId = "cor_test";
const actor = testRequester;

async function row(refundId: string) {
  const { database } = harness.dependencies;
  const [found] = await database.select().from(refunds).where(eq(refunds.id, refundId));
  if (!found) throw new Error("no row");
  return found;
}

describe("an amount that cannot be", () => {
  const ask = (purchase: TestPurchase, amount: number, currency = "eur") =>
    requestRefund(harness.dependencies, {
      requester: testRequester,
      purchaseId: purchase.id,
      amount: { amount, currency },
      correlationId,
    });

  test("is answered with what is left and what open requests hold", async () => {
    const purchase = await harness.purchase({ app: open });
    await expect(ask(purchase, 10_001)).rejects.toMatchObject({
      code: "amount_exceeds_remaining",
      message: "Only €100.00 of this purchase is left to refund. Ask for that much or less.",
      details: { left: 10_000, reserved: 0, currency: "eur" },
    });
    await ask(purchase, 4_000);
    await expect(ask(purchase, 6_001)).rejects.toMatchObject({
      message:
        "Only €60.00 of this purchase is left to refund, and €40.00 is held by open requests. Ask for that much or less.",
      details: { left: 6_000, reserved: 4_000, currency: "eur" },
    });
    await ask(purchase, 6_000);
    await expect(ask(purchase, 1)).rejects.toMatchObject({
      code: "amount_exceeds_remaining",
      message: expect.stringContaining("held by open requests"),
      details: { left: 0, reserved: 10_000, currency: "eur" },
    });
  });

  test("counts what Stripe has as gone, and what is under way as held", async () => {
    const purchase = await harness.purchase({ app: ruled });
    await driveRefund(harness, (await askRefund(harness, purchase, { amount: 3_000 })).id);
    await askRefund(harness, purchase, { amount: 2_000 });
    await expect(ask(purchase, 6_000)).rejects.toMatchObject({ details: { left: 5_000, reserved: 2_000 } });
    await driveRefund(harness, (await ask(purchase, 5_000)).id);
    await expect(ask(purchase, 2_000)).rejects.toMatchObject({
      code: "amount_exceeds_remaining",
      details: { left: 0, reserved: 2_000 },
    });
  });

  test("of what is all refunded says so", async () => {
    const purchase = await harness.purchase({ app: ruled });
    await driveRefund(harness, (await askRefund(harness, purchase)).id);
    await expect(ask(purchase, 1)).rejects.toMatchObject({
      code: "already_refunded",
      details: { left: 0, currency: "eur" },
    });
  });

  test("of another currency or step says which it has to be", async () => {
    const purchase = await harness.purchase({ app: open });
    await expect(ask(purchase, 100, "usd")).rejects.toMatchObject({
      code: "currency_mismatch",
      details: { currency: "eur" },
    });
    await expect(ask(purchase, 1.5)).rejects.toMatchObject({
      code: "amount_invalid",
      message: "Give the amount as a whole number of EUR's smallest unit, above 0.",
      details: { step: 1, currency: "eur" },
    });
    // In capitals too, as people write them.
    expect(await ask(purchase, 100, "EUR")).toMatchObject({ amount: 100, currency: "eur" });
  });

  test("is not less than nothing where Stripe returned more than was captured", async () => {
    const purchase = await harness.purchase({ app: open });
    const { database } = harness.dependencies;
    const refund = { object: "refund", id: "re_more", charge: purchase.chargeId, status: "pending" };
    const stripeRefund = { ...refund, amount: 9_000, currency: "eur", created: 1 };
    const word = { source: "stripe_webhook", correlationId, fresh: false } as const;
    await askRefund(harness, purchase, { amount: 5_000 });
    await settleRefund(harness.dependencies, { stripeRefund, accountId: purchase.accountId, ...word });
    await expect(ask(purchase, 1)).rejects.toMatchObject({ details: { left: 0, reserved: 5_000 } });
    expect(await database.$count(refunds, eq(refunds.purchaseId, purchase.id))).toBe(2);
  });
});

describe("the same request id", () => {
  const first = {
    requester: testRequester,
    amount: { amount: 100, currency: "eur" },
    reason: "duplicate",
    note: "twice",
    correlationId,
  } as const;

  test("gives the same refund only for the same question", async () => {
    const purchase = await harness.purchase({ app: open });
    const asked = { ...first, purchaseId: purchase.id, requestKey: "same" };
    const { id } = await requestRefund(harness.dependencies, asked);
    expect(await requestRefund(harness.dependencies, asked)).toMatchObject({
      id,
      reason: "duplicate",
      note: "twice",
    });
    const others = [
      { ...asked, amount: { amount: 101, currency: "eur" } },
      { ...asked, amount: undefined },
      { ...asked, reason: "fraudulent" },
      { ...asked, reason: undefined },
      { ...asked, note: "thrice" },
      { ...asked, note: undefined },
    ] as const;
    for (const other of others) {
      await expect(requestRefund(harness.dependencies, other)).rejects.toMatchObject({
        code: "request_key_conflict",
        details: { refundId: id },
      });
    }
  });

  test("is asked about before anything else, so that a repetition is answered in any state", async () => {
    const app = await harness.app();
    const purchase = await harness.purchase({ app });
    const asked = { ...first, purchaseId: purchase.id, requestKey: "later" };
    const { id } = await requestRefund(harness.dependencies, asked);
    await harness.connect(app, "acct_another_1");
    expect(await requestRefund(harness.dependencies, asked)).toMatchObject({ id });
  });

  test("left out, each request is one of its own", async () => {
    const purchase = await harness.purchase({ app: open });
    const one = await askRefund(harness, purchase, { amount: 100 });
    const two = await askRefund(harness, purchase, { amount: 100 });
    expect(one.id).not.toBe(two.id);
    expect(await row(one.id)).toMatchObject({ requestKey: null, requestHash: null, note: null });
  });
});

test("what an app cannot refund now says what stands in its way", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app });
  const { database } = harness.dependencies;
  await database
    .update(purchases)
    .set({ refundsBlockedByDispute: true })
    .where(eq(purchases.id, purchase.id));
  await expect(askRefund(harness, purchase)).rejects.toMatchObject({
    code: "dispute_open",
    message: expect.stringContaining("dispute"),
    details: { blockedCode: "dispute_open", explanation: blockedSentences.dispute_open },
  });
  await harness.connect(app, "acct_another");
  await expect(askRefund(harness, purchase)).rejects.toMatchObject({
    code: "app_not_connected",
    message: expect.stringContaining("not connected"),
    details: { blockedCode: "account_changed", explanation: blockedSentences.account_changed },
  });
});

describe("taking a request back", () => {
  test("takes its approval out of force, and the refund out of what is due", async () => {
    const purchase = await harness.purchase({ app: ruled });
    const { id, approval } = await askRefund(harness, purchase);
    expect(await dueRefunds(harness.dependencies)).toContain(id);
    await withdrawRefund(harness.dependencies, { refundId: id, actor, correlationId });
    expect(await dueRefunds(harness.dependencies)).not.toContain(id);
    const { database } = harness.dependencies;
    const decided = await database.select().from(approvals).where(eq(approvals.refundId, id));
    expect(decided).toMatchObject([{ id: approval?.id, revokedAt: harness.clock.now() }]);
    expect((await getRefund(harness.dependencies, { refundId: id })).history.at(-1)?.details).toEqual({});
  });

  test("is refused once it is decided, and says how", async () => {
    const purchase = await harness.purchase({ app: ruled });
    const { id } = await askRefund(harness, purchase);
    await driveRefund(harness, id);
    await expect(
      withdrawRefund(harness.dependencies, { refundId: id, actor, correlationId }),
    ).rejects.toMatchObject({ code: "already_decided", details: { status: "succeeded" } });
  });
});

describe("what is due", () => {
  test("comes in order of its time, and no more than asked for", async () => {
    const own = await startHarness();
    try {
      const app = await own.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
      const purchase = await own.purchase({ app });
      const first = await askRefund(own, purchase, { amount: 100 });
      await own.advance(1_000);
      const second = await askRefund(own, purchase, { amount: 100 });
      await own.advance(1_000);
      expect(await dueRefunds(own.dependencies)).toEqual([first.id, second.id]);
      expect(await dueRefunds(own.dependencies, { limit: 1 })).toEqual([first.id]);
      await execute(own, first.id);
      expect(await dueRefunds(own.dependencies)).toEqual([second.id]);
    } finally {
      await own.close();
    }
  });

  test("is judged anew only for an app or a purchase", async () => {
    await expect(resumeBlocked(harness.dependencies, { correlationId })).rejects.toThrow();
  });
});

test("an approval of a person queues the refund at once, without a limit in time", async () => {
  const purchase = await harness.purchase({ app: open });
  const { id, expiresAt } = await askRefund(harness, purchase);
  expect(expiresAt).toEqual(new Date(harness.clock.now().getTime() + 14 * 24 * 60 * 60 * 1000));
  const operatorId = (await harness.operator("approver")).id;
  await approveRefund(harness.dependencies, { refundId: id, operatorId, correlationId });
  expect(await row(id)).toMatchObject({
    expiresAt: null,
    nextAttemptAt: harness.clock.now(),
    attemptCount: 0,
  });
});
