import { refunds } from "@redress/database";
import { and, eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Requester } from "../actor.ts";
import { rejectRefund } from "../approvals/reject-refund.ts";
import { askRefund, driveRefund, testAgent, testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { requestRefund } from "./request-refund.ts";
import { withdrawRefund } from "./withdraw-refund.ts";

// An agent cannot be made to pay twice by asking again: not with another request id, nor with none.
let harness: Harness;
let open: TestApp;
let ruled: TestApp;

beforeAll(async () => {
  harness = await startHarness();
  open = await harness.app();
  ruled = await harness.app({ approvalRules: [{ amount: 50_000, currency: "eur" }] });
});
afterAll(() => harness.close());

const correlationId = "cor_test";
const dayMs = 24 * 60 * 60 * 1000;
const otherAgent: Requester = { kind: "agent", id: "key_other", ownerId: "opr_other" };

interface Asked {
  amount?: number;
  requestKey?: string;
  inAdditionTo?: string[];
  requester?: Requester;
  note?: string;
}

const ask = (purchase: TestPurchase, { amount, requester = testAgent, ...asked }: Asked = {}) =>
  requestRefund(harness.dependencies, {
    requester,
    purchaseId: purchase.id,
    amount: amount === undefined ? undefined : { amount, currency: purchase.currency },
    correlationId,
    ...asked,
  });
const rowsOf = ({ id }: TestPurchase) =>
  harness.dependencies.database
    .select()
    .from(refunds)
    .where(and(eq(refunds.purchaseId, id), eq(refunds.origin, "redress")));

describe("the same again, under another request id", () => {
  test("gets the refund that is open, whoever asked for it", async () => {
    const purchase = await harness.purchase({ app: open });
    const first = await ask(purchase, { amount: 4_000, requestKey: "try 1" });
    expect((await ask(purchase, { amount: 4_000, requestKey: "try 2" })).id).toBe(first.id);
    expect((await ask(purchase, { amount: 4_000 })).id).toBe(first.id);
    expect((await ask(purchase, { amount: 4_000, requester: otherAgent })).id).toBe(first.id);
    const people = await harness.purchase({ app: open });
    const asked = await askRefund(harness, people, { requester: testRequester });
    expect((await ask(people)).id).toBe(asked.id);
    expect(await rowsOf(purchase)).toHaveLength(1);
  });

  test("twenty times at once, with an id each, makes one request", async () => {
    const purchase = await harness.purchase({ app: ruled });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        ask(purchase, {
          amount: 1_000,
          requestKey: `invented ${at}`,
          requester: at % 2 === 0 ? testAgent : otherAgent,
        }),
      ),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await rowsOf(purchase)).toHaveLength(1);
  });

  test("gets one that was finished within a week, and is a new request after it", async () => {
    const purchase = await harness.purchase({ app: ruled });
    const first = await ask(purchase, { amount: 1_000, requestKey: "monday" });
    expect(await driveRefund(harness, first.id)).toMatchObject({ status: "succeeded" });
    await harness.advance(7 * dayMs);
    expect((await ask(purchase, { amount: 1_000, requestKey: "sunday" })).id).toBe(first.id);
    await harness.advance(1);
    const second = await ask(purchase, { amount: 1_000, requestKey: "tuesday" });
    expect(second.id).not.toBe(first.id);
    // What an id was answered with once, it is answered with for ever.
    await harness.advance(30 * dayMs);
    expect((await ask(purchase, { amount: 1_000, requestKey: "sunday" })).id).toBe(first.id);
    expect((await ask(purchase, { amount: 1_000, requestKey: "monday" })).id).toBe(first.id);
    const changed = ask(purchase, { amount: 1_001, requestKey: "sunday" });
    await expect(changed).rejects.toMatchObject({ code: "request_key_conflict" });
  });

  test("all that is left, when all of it was returned or is asked for, gets that refund", async () => {
    const purchase = await harness.purchase({ app: ruled });
    const all = await ask(purchase);
    expect((await ask(purchase)).id).toBe(all.id);
    await driveRefund(harness, all.id);
    expect((await ask(purchase)).id).toBe(all.id);
    expect((await ask(purchase, { amount: purchase.amount })).id).toBe(all.id);
  });

  test("gets a person's no as well, instead of asking them until they say yes", async () => {
    const purchase = await harness.purchase({ app: open });
    const first = await ask(purchase, { amount: 2_000 });
    const operatorId = (await harness.operator("approver")).id;
    await rejectRefund(harness.dependencies, {
      refundId: first.id,
      operatorId,
      note: "Used it",
      correlationId,
    });
    expect(await ask(purchase, { amount: 2_000, note: "But please" })).toMatchObject({
      id: first.id,
      status: "rejected",
    });
  });

  test("after it was taken back it is a new request", async () => {
    const purchase = await harness.purchase({ app: open });
    const first = await ask(purchase, { amount: 2_000 });
    await withdrawRefund(harness.dependencies, { refundId: first.id, actor: testAgent, correlationId });
    expect((await ask(purchase, { amount: 2_000 })).id).not.toBe(first.id);
  });
});

describe("another amount", () => {
  test("while one is open is a conflict that names it", async () => {
    const purchase = await harness.purchase({ app: open });
    const first = await ask(purchase, { amount: 4_000 });
    for (const amount of [3_999, 4_001, undefined]) {
      await expect(ask(purchase, amount === undefined ? {} : { amount })).rejects.toMatchObject({
        code: "request_open",
        status: 409,
        details: { refundId: first.id, amount: 4_000 },
      });
    }
    expect(await rowsOf(purchase)).toHaveLength(1);
  });

  test("once it is finished is a new request", async () => {
    const purchase = await harness.purchase({ app: ruled });
    await driveRefund(harness, (await ask(purchase, { amount: 4_000 })).id);
    expect(await ask(purchase)).toMatchObject({ amount: 6_000 });
  });
});

describe("in addition to", () => {
  test("a refund that is named, the same and another amount are new requests", async () => {
    const purchase = await harness.purchase({ app: open });
    const first = await ask(purchase, { amount: 2_000 });
    const second = await ask(purchase, { amount: 2_000, inAdditionTo: [first.id] });
    expect(second.id).not.toBe(first.id);
    // Naming one does not hide the other.
    expect((await ask(purchase, { amount: 2_000, inAdditionTo: [first.id] })).id).toBe(second.id);
    const inAdditionTo = [second.id, first.id];
    const third = await ask(purchase, { amount: 1_000, inAdditionTo, requestKey: "third" });
    expect(third).toMatchObject({ amount: 1_000 });
    const again = { amount: 1_000, inAdditionTo: [first.id, second.id], requestKey: "third" };
    expect((await ask(purchase, again)).id).toBe(third.id);
    const more = ask(purchase, { amount: 6_000, inAdditionTo: [first.id, second.id, third.id] });
    await expect(more).rejects.toMatchObject({ code: "amount_exceeds_remaining" });
  });

  test("what is not this purchase's is refused", async () => {
    const purchase = await harness.purchase({ app: open });
    const foreign = await ask(await harness.purchase({ app: open }), { amount: 1_000 });
    for (const id of [foreign.id, "rfd_invented"]) {
      const asked = ask(purchase, { amount: 1_000, inAdditionTo: [id] });
      await expect(asked).rejects.toMatchObject({ code: "invalid_input" });
    }
  });
});

test("one id about two purchases at once stands for one of them", async () => {
  const purchases = [await harness.purchase({ app: open }), await harness.purchase({ app: open })];
  // On the second one an equal request is open, so that the id would stand in the other table.
  const [, second] = purchases;
  if (second) await ask(second, { requester: otherAgent });
  const answers = await Promise.allSettled(
    purchases.map((purchase) => ask(purchase, { requestKey: "one id" })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(answers.find(({ status }) => status === "rejected")).toMatchObject({
    reason: { code: "request_key_conflict" },
  });
});

test("whatever agents ask for at once, without naming anything, at most one request is open", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          amount: fc.option(fc.constantFrom(1_000, 2_000, 10_000), { nil: undefined }),
          id: fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined }),
          requester: fc.constantFrom(testAgent, otherAgent),
        }),
        { minLength: 2, maxLength: 6 },
      ),
      async (calls) => {
        const purchase = await harness.purchase({ app: open });
        await Promise.allSettled(
          calls.map(({ amount, id, requester }) =>
            ask(purchase, {
              requester,
              ...(amount === undefined ? {} : { amount }),
              ...(id === undefined ? {} : { requestKey: `${purchase.id} ${id}` }),
            }),
          ),
        );
        expect(await rowsOf(purchase)).toHaveLength(1);
      },
    ),
    { numRuns: 15, seed: 7 },
  );
});
