import { apps, auditLogs, outboxMessages, purchases, refunds } from "@redress/database";
import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askRefund, driveRefund, execute, testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { expireRefunds } from "./expire-refunds.ts";
import { getRefund } from "./get-refund.ts";
import { listRefunds } from "./list-refunds.ts";
import { requestRefund } from "./request-refund.ts";
import { withdrawRefund } from "./withdraw-refund.ts";

// Requests reserve what is left, and never more; bad input changes nothing.
let harness: Harness;
let open: TestApp;
let ruled: TestApp;

beforeAll(async () => {
  harness = await startHarness();
  open = await harness.app();
  ruled = await harness.app({ approvalRules: [{ amount: 5_000, currency: "eur" }] });
});
afterAll(() => harness.close());

const correlationId = "cor_test";

async function refundCount(): Promise<number> {
  return harness.dependencies.database.$count(refunds);
}

describe("the amount", () => {
  test("left out becomes the explicit remainder, so that what is approved is what is sent", async () => {
    const purchase = await harness.purchase({ app: open });
    await askRefund(harness, purchase, { amount: 3_000 });
    expect(await askRefund(harness, purchase)).toMatchObject({ amount: 7_000, currency: "eur" });
  });

  test.each([
    [{ amount: 0, currency: "eur" }, "amount_invalid"],
    [{ amount: -5, currency: "eur" }, "amount_invalid"],
    [{ amount: 1.5, currency: "eur" }, "amount_invalid"],
    [{ amount: Number.MAX_SAFE_INTEGER + 1, currency: "eur" }, "amount_invalid"],
    [{ amount: 100, currency: "usd" }, "currency_mismatch"],
    [{ amount: 10_001, currency: "eur" }, "amount_exceeds_remaining"],
  ])("%o is refused as %s, and nothing is written", async (amount, code) => {
    const purchase = await harness.purchase({ app: open });
    const before = await refundCount();
    const asked = requestRefund(harness.dependencies, {
      requester: testRequester,
      purchaseId: purchase.id,
      amount,
      correlationId,
    });
    await expect(asked).rejects.toMatchObject({ code });
    expect(await refundCount()).toBe(before);
  });

  test("keeps to the steps that Stripe takes of a currency", async () => {
    const purchase = await harness.purchase({ app: open, amount: 50_000, currency: "isk" });
    await expect(askRefund(harness, purchase, { amount: 150 })).rejects.toMatchObject({
      code: "amount_invalid",
      details: { step: 100 },
    });
    expect(await askRefund(harness, purchase, { amount: 200 })).toMatchObject({ amount: 200 });
  });

  test("is already_refunded once all of it is back, and only then", async () => {
    const purchase = await harness.purchase({ app: ruled, amount: 4_000 });
    const { id } = await askRefund(harness, purchase);
    await expect(askRefund(harness, purchase)).rejects.toMatchObject({ code: "amount_exceeds_remaining" });
    await driveRefund(harness, id);
    await expect(askRefund(harness, purchase)).rejects.toMatchObject({ code: "already_refunded" });
  });
});

test("requests at once never reserve more than was captured", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 6_000 }), { minLength: 2, maxLength: 12 }),
      async (amounts) => {
        const purchase = await harness.purchase({ app: open });
        const asked = await Promise.allSettled(
          amounts.map((amount) => askRefund(harness, purchase, { amount })),
        );
        const taken = asked.flatMap((result) => (result.status === "fulfilled" ? [result.value.amount] : []));
        const refused = asked.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
        const sum = taken.reduce((total, amount) => total + amount, 0);
        expect(sum).toBeLessThanOrEqual(purchase.amount);
        expect(
          new Set(refused).size === 0 || refused.every((code) => code === "amount_exceeds_remaining"),
        ).toBe(true);
        // And not less than was possible: whoever was refused really did not fit at the end.
        const left = purchase.amount - sum;
        const [smallest = Number.POSITIVE_INFINITY] = amounts
          .filter((_, index) => asked[index]?.status === "rejected")
          .sort((a, b) => a - b);
        expect(smallest).toBeGreaterThan(left);
      },
    ),
    { numRuns: 20, seed: 20_261_123 },
  );
});

test("partial refunds at once, asked and run, never return more than was paid", async () => {
  const purchase = await harness.purchase({ app: ruled, amount: 5_000 });
  const asked = await Promise.allSettled(
    Array.from({ length: 12 }, () => askRefund(harness, purchase, { amount: 1_000 })),
  );
  const ids = asked.flatMap((result) => (result.status === "fulfilled" ? [result.value.id] : []));
  expect(ids).toHaveLength(5);
  for (const id of ids) await driveRefund(harness, id);
  const returned = await harness.stripeRefunds(purchase);
  expect(returned.map(({ amount }) => amount)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
});

test("the database refuses an over-refund even when the program would not", async () => {
  const purchase = await harness.purchase({ app: open });
  const { id } = await askRefund(harness, purchase, { amount: 8_000 });
  const copy = sql`insert into refunds select (jsonb_populate_record(r, '{"id": "rfd_second"}')).* from refunds r where id = ${id}`;
  await expect(harness.dependencies.database.execute(copy)).rejects.toMatchObject({
    cause: { constraint: "refunds_within_captured" },
  });
});

describe("a request id", () => {
  test("makes one refund of twenty requests at once", async () => {
    const purchase = await harness.purchase({ app: open });
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => askRefund(harness, purchase, { amount: 100, requestKey: "req-1" })),
    );
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
  });

  test("with another question is a conflict, on another purchase at the same moment too", async () => {
    const [one, two] = [await harness.purchase({ app: open }), await harness.purchase({ app: open })];
    const asked = await Promise.allSettled(
      [one, two].map((purchase) => askRefund(harness, purchase, { amount: 100, requestKey: "req-2" })),
    );
    expect(asked.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(asked.find((result) => result.status === "rejected")).toMatchObject({
      reason: { code: "request_key_conflict" },
    });
  });

  test("with the same number in another currency is a conflict too", async () => {
    const purchase = await harness.purchase({ app: open });
    await askRefund(harness, purchase, { amount: 100, requestKey: "req-currency" });
    const inDollars = { ...purchase, currency: "usd" };
    await expect(
      askRefund(harness, inDollars, { amount: 100, requestKey: "req-currency" }),
    ).rejects.toMatchObject({ code: "request_key_conflict" });
  });

  test("belongs to its requester: another one's same id is another request", async () => {
    const purchase = await harness.purchase({ app: open });
    const requester = { kind: "operator", id: "opr_other" } as const;
    const one = await askRefund(harness, purchase, { amount: 100, requestKey: "req-3" });
    const two = await askRefund(harness, purchase, { amount: 100, requestKey: "req-3", requester });
    expect(two.id).not.toBe(one.id);
  });
});

describe("policy", () => {
  test("approves within the rule and queues the execution in the same transaction", async () => {
    const purchase = await harness.purchase({ app: ruled });
    const refund = await askRefund(harness, purchase, { amount: 5_000 });
    expect(refund).toMatchObject({ status: "approved", approval: { decidedBy: { kind: "policy" } } });
    const [message] = await harness.dependencies.database
      .select()
      .from(outboxMessages)
      .where(eq(outboxMessages.factKey, `refund.execute:${refund.id}:${refund.approval?.id}`));
    expect(message).toMatchObject({ name: "refund/execution.due", data: { refundId: refund.id } });
  });

  test("leaves to a person what is above it, and what a split would slip under it", async () => {
    const purchase = await harness.purchase({ app: ruled });
    expect(await askRefund(harness, purchase, { amount: 4_000 })).toMatchObject({ status: "approved" });
    expect(await askRefund(harness, purchase, { amount: 4_000 })).toMatchObject({
      status: "awaiting_approval",
    });
  });

  test("says nothing about another currency", async () => {
    const purchase = await harness.purchase({ app: ruled, amount: 100, currency: "usd" });
    expect(await askRefund(harness, purchase)).toMatchObject({ status: "awaiting_approval" });
  });
});

test("a request nobody decides lapses after 14 days and frees what it held", async () => {
  const purchase = await harness.purchase({ app: open });
  const { id } = await askRefund(harness, purchase);
  await harness.advance(14 * 24 * 60 * 60 * 1000 - 1);
  await expireRefunds(harness.dependencies, { correlationId });
  expect(await getRefund(harness.dependencies, { refundId: id })).toMatchObject({
    status: "awaiting_approval",
  });
  await harness.advance(1);
  await expireRefunds(harness.dependencies, { correlationId });
  expect(await getRefund(harness.dependencies, { refundId: id })).toMatchObject({ status: "expired" });
  expect(await askRefund(harness, purchase)).toMatchObject({ amount: purchase.amount });
});

test("sweeps at once let a request lapse once", async () => {
  const halfMonth = 15 * 24 * 60 * 60 * 1000;
  await harness.advance(halfMonth);
  await expireRefunds(harness.dependencies, { correlationId });
  await askRefund(harness, await harness.purchase({ app: open }));
  await harness.advance(halfMonth);
  const sweeps = [1, 2, 3].map(() => expireRefunds(harness.dependencies, { correlationId }));
  expect((await Promise.all(sweeps)).reduce((sum, count) => sum + count, 0)).toBe(1);
});

test("what has called Stripe is not withdrawn, though Stripe put it off", async () => {
  const purchase = await harness.purchase({ app: ruled });
  const { id } = await askRefund(harness, purchase, { amount: 5_000 });
  await harness.sandbox.admin.addFault({ fault: "rate_limit", method: "POST", path: "/v1/refunds" });
  expect(await execute(harness, id)).toBe("again");
  const withdrawal = { refundId: id, actor: testRequester, correlationId };
  await expect(withdrawRefund(harness.dependencies, withdrawal)).rejects.toMatchObject({
    code: "outcome_unknown",
  });
  expect(await getRefund(harness.dependencies, { refundId: id })).toMatchObject({
    status: "executing",
    outcomeUnknown: false,
  });
});

test("a withdrawn request frees what it held; withdrawing twice is no error", async () => {
  const purchase = await harness.purchase({ app: ruled });
  const { id } = await askRefund(harness, purchase, { amount: 5_000 });
  const withdrawal = { refundId: id, actor: testRequester, note: "mistake", correlationId };
  await withdrawRefund(harness.dependencies, withdrawal);
  expect(await withdrawRefund(harness.dependencies, withdrawal)).toMatchObject({ status: "withdrawn" });
  expect(await driveRefund(harness, id)).toMatchObject({ status: "withdrawn" });
  expect(await harness.stripeRefunds(purchase)).toEqual([]);
  expect(await askRefund(harness, purchase)).toMatchObject({ amount: purchase.amount });
});

test("an app that lost its connection, or is on another account, takes no request", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app });
  await harness.connect(app, "acct_another");
  await expect(askRefund(harness, purchase)).rejects.toMatchObject({
    code: "app_not_connected",
    details: { blockedCode: "account_changed" },
  });
  await harness.dependencies.database
    .update(apps)
    .set({
      stripeAccountId: null,
      stripeLivemode: null,
      stripeScope: null,
      connectedAt: null,
      connectedBy: null,
    })
    .where(eq(apps.id, app.id));
  await expect(askRefund(harness, purchase)).rejects.toMatchObject({
    details: { blockedCode: "account_disconnected" },
  });
});

test("the note, which may name a customer, stands in the audit log as a salted hash only", async () => {
  const purchase = await harness.purchase({ app: open });
  const note = "Maria Muster asked by phone";
  const refund = await requestRefund(harness.dependencies, {
    requester: testRequester,
    purchaseId: purchase.id,
    note,
    correlationId,
  });
  expect(refund.note).toBe(note);
  const entries = await harness.dependencies.database
    .select()
    .from(auditLogs)
    .where(eq(auditLogs.refundId, refund.id));
  expect(JSON.stringify(entries)).not.toContain("Maria");
  expect(JSON.stringify(entries)).toMatch(/noteHash":"[0-9a-f]{64}/);
});

test("lists page through every refund once, newest first, and only of the apps asked for", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app });
  const made: string[] = [];
  for (let i = 0; i < 7; i++) {
    made.unshift((await askRefund(harness, purchase, { amount: 10 })).id);
    await harness.advance(i % 2);
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listRefunds(harness.dependencies, {
      appIds: [app.id],
      limit: 3,
      ...(cursor === null ? {} : { cursor }),
    });
    seen.push(...page.refunds.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(new Set(seen)).toEqual(new Set(made));
  expect(seen).toHaveLength(made.length);
  expect(await listRefunds(harness.dependencies, { appIds: [] })).toEqual({ refunds: [], nextCursor: null });
  const broken = listRefunds(harness.dependencies, { appIds: "all", cursor: "nonsense" });
  await expect(broken).rejects.toMatchObject({ code: "invalid_input" });
});

test("an unknown purchase is said to be unknown", async () => {
  const asked = requestRefund(harness.dependencies, {
    requester: testRequester,
    purchaseId: "pur_no",
    correlationId,
  });
  await expect(asked).rejects.toMatchObject({ code: "purchase_not_found" });
  expect(await harness.dependencies.database.$count(purchases, eq(purchases.id, "pur_no"))).toBe(0);
});
