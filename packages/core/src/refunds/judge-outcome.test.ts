import { apps, purchases } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Between, type GivenAnswer, startBetween } from "../testing/between.ts";
import { askRefund } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { beginAttempt } from "./begin-attempt.ts";
import { createAtStripe } from "./create-at-stripe.ts";
import { executeRefund } from "./execute-refund.ts";
import { finishAttempt } from "./finish-attempt.ts";
import { getRefund } from "./get-refund.ts";
import { judgeOutcome } from "./judge-outcome.ts";

// What Stripe's answer makes of the refund; where the answer alone does not tell, nothing is claimed.
const correlationId = "cor_test";
const onCreate = { method: "POST", path: "/v1/refunds" };
const onList = { method: "GET", path: "/v1/refunds" };
const second = 1_000;
let harness: Harness;
let between: Between;
let app: TestApp;

beforeAll(async () => {
  harness = await startHarness();
  between = await startBetween(harness);
  app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
});
beforeEach(async () => {
  between.answer(onCreate);
  await harness.sandbox.admin.clearFaults();
});
afterAll(async () => {
  await between.close();
  await harness.close();
});

const execute = (refundId: string) => executeRefund(between.dependencies, { refundId, correlationId });
const detail = (refundId: string) => getRefund(harness.dependencies, { refundId });

async function asked(of: TestApp = app): Promise<{ purchase: TestPurchase; id: string }> {
  const purchase = await harness.purchase({ app: of });
  return { purchase, id: (await askRefund(harness, purchase, { amount: 4_000 })).id };
}

function error(status: number, members: object, headers = {}): GivenAnswer {
  const body = { error: { type: "invalid_request_error", message: "Stripe's sentence.", ...members } };
  return { status, body, headers };
}

async function lookUps(): Promise<number> {
  const { requests } = await harness.sandbox.admin.ledger();
  return requests.filter(({ method, path }) => method === "GET" && path.startsWith("/v1/refunds")).length;
}

/** One whose first call ended without an answer, and which is due again. */
async function unknown(fault: "drop_before" | "drop_after") {
  const begun = await asked();
  await harness.sandbox.admin.addFault({ fault, ...onCreate });
  expect(await execute(begun.id)).toBe("again");
  await harness.advance(4 * second);
  return begun;
}

describe("Stripe says later", () => {
  test("and when: not before that", async () => {
    const { id } = await asked();
    between.answer(onCreate, error(429, { code: "rate_limit" }, { "Retry-After": "120" }));
    expect(await execute(id)).toBe("again");
    const { nextAttemptAt, outcomeUnknown, attempts } = await detail(id);
    expect(nextAttemptAt).toEqual(new Date(harness.clock.now().getTime() + 120 * second));
    expect(outcomeUnknown).toBe(false);
    expect(attempts).toMatchObject([{ outcome: "later", httpStatus: 429, errorCode: "rate_limit" }]);
  });

  test("because a call with our key is under way: its outcome is unknown", async () => {
    const { id } = await asked();
    between.answer(onCreate, error(409, { code: "idempotency_key_in_use" }));
    expect(await execute(id)).toBe("again");
    const { outcomeUnknown, history } = await detail(id);
    expect(outcomeUnknown).toBe(true);
    expect(history.at(-1)).toMatchObject({
      action: "refund_outcome_unknown",
      details: { reason: "idempotency_key_in_use", retriesStopped: false },
    });
  });

  test("without a code: what was unknown before stays so", async () => {
    const { id } = await unknown("drop_before");
    between.answer(onCreate, error(429, {}));
    expect(await execute(id)).toBe("again");
    expect(await detail(id)).toMatchObject({ outcomeUnknown: true });
  });
});

describe("something on the way to Stripe says later, in words of its own", () => {
  test.each([
    ["429", { error: "slow" }],
    ["409", { error: "conflict" }],
  ])("%s: the call may have been passed on, and no header makes it wait for a year", async (status, body) => {
    const { id } = await asked();
    const headers = { "Retry-After": "9999999" };
    between.answer(onCreate, { status: Number(status), body, headers });
    expect(await execute(id)).toBe("again");
    const { nextAttemptAt, outcomeUnknown, attempts } = await detail(id);
    expect(attempts).toMatchObject([{ outcome: "unknown", errorCode: "unexpected_answer" }]);
    expect(outcomeUnknown).toBe(true);
    expect((nextAttemptAt?.getTime() ?? 0) - harness.clock.now().getTime()).toBeLessThanOrEqual(
      3600 * second,
    );
  });

  test("and had passed it on: a day later the refund is found, not made twice", async () => {
    const { purchase, id } = await asked();
    const begun = await beginAttempt(harness.dependencies, { refundId: id, correlationId });
    if (typeof begun === "string") throw new Error(begun);
    await createAtStripe(harness.dependencies, begun.refund);
    between.answer(onCreate, { status: 429, body: { error: "slow" } });
    const outcome = await createAtStripe(between.dependencies, begun.refund);
    const verdict = await judgeOutcome(between.dependencies, { attempt: begun, outcome, correlationId });
    expect(verdict).toMatchObject({ kind: "wait", outcomeUnknown: true });
    await finishAttempt(harness.dependencies, { attempt: begun, verdict, result: {}, correlationId });
    await harness.advance(25 * 3600 * second);
    expect(await execute(id)).toBe("settled");
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  });
});

describe("Stripe refuses", () => {
  test("for a right that the key does not have: said in fixed words", async () => {
    const { id } = await asked();
    between.answer(onCreate, error(403, {}));
    expect(await execute(id)).toBe("stopped");
    expect(await detail(id)).toMatchObject({
      status: "refused",
      refusedCode: "not_authorized_to_refund",
      refusedMessage: "Not authorized to refund this account",
    });
  });

  test("for a right, after a call of unknown outcome: that says nothing about the call", async () => {
    const { purchase, id } = await unknown("drop_after");
    between.answer(onCreate, error(403, {}));
    expect(await execute(id)).toBe("again");
    expect(await detail(id)).toMatchObject({ status: "executing", outcomeUnknown: true });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  });

  test("in its own words, which are kept", async () => {
    const { id } = await asked();
    const before = await lookUps();
    between.answer(onCreate, error(400, { code: "charge_not_refundable" }));
    expect(await execute(id)).toBe("stopped");
    expect(await detail(id)).toMatchObject({
      status: "refused",
      refusedCode: "charge_not_refundable",
      refusedMessage: "Stripe's sentence.",
    });
    // Where nothing can be ours, nothing more is asked.
    expect(await lookUps()).toBe(before);
  });

  test("what an earlier call has done: that refund is found and adopted", async () => {
    const { purchase, id } = await unknown("drop_after");
    between.answer(onCreate, error(400, { code: "charge_not_refundable" }));
    expect(await execute(id)).toBe("settled");
    const [ours] = await harness.stripeRefunds(purchase);
    expect(await detail(id)).toMatchObject({ status: "succeeded", stripeRefundId: ours?.id });
  });

  test("and the look-up for ours fails: nothing is decided", async () => {
    const { id } = await asked();
    between.answer(onCreate, error(400, { code: "charge_already_refunded" }));
    await harness.sandbox.admin.addFault({ fault: "drop_before", ...onList });
    expect(await execute(id)).toBe("again");
    expect(await detail(id)).toMatchObject({ status: "executing", outcomeUnknown: false, refusedCode: null });
  });

  test("the amount, when ours is among what was refunded", async () => {
    const { purchase, id } = await asked();
    const made = await harness.dependencies.stripe.refunds.create(
      { charge: purchase.chargeId, amount: 4_000, metadata: { redress_refund_id: id } },
      { stripeAccount: purchase.accountId },
    );
    between.answer(onCreate, error(400, { param: "amount" }));
    expect(await execute(id)).toBe("settled");
    expect(await detail(id)).toMatchObject({ status: "succeeded", stripeRefundId: made.id });
  });
});

test("a dispute that cannot be read blocks all the same, and nothing is invented about it", async () => {
  const { purchase, id } = await asked();
  between.answer(onCreate, error(400, { code: "charge_disputed" }));
  await harness.sandbox.admin.addFault({ fault: "drop_before", method: "GET", path: "/v1/disputes" });
  expect(await execute(id)).toBe("stopped");
  expect(await detail(id)).toMatchObject({ status: "blocked", blockedCode: "dispute_open" });
  const { database } = harness.dependencies;
  const [row] = await database.select().from(purchases).where(eq(purchases.id, purchase.id));
  expect(row).toMatchObject({ disputeStatus: null, refundsBlockedByDispute: true });
});

test("a dispute that Stripe names and does not have blocks too", async () => {
  const { purchase, id } = await asked();
  between.answer(onCreate, error(400, { code: "charge_disputed" }));
  expect(await execute(id)).toBe("stopped");
  const { database } = harness.dependencies;
  const [row] = await database.select().from(purchases).where(eq(purchases.id, purchase.id));
  expect(row).toMatchObject({ disputeStatus: null, refundsBlockedByDispute: true });
});

describe("an account that is out of reach", () => {
  const rules = [{ amount: 100_000, currency: "eur" }];
  const accountOf = async (of: TestApp) => {
    const { database } = harness.dependencies;
    const [row] = await database.select().from(apps).where(eq(apps.id, of.id));
    return row?.stripeAccountId;
  };

  test("but answers when it is asked: the refund is tried again, and the app stays connected", async () => {
    const { id } = await asked();
    between.answer(onCreate, error(403, { code: "account_invalid" }));
    expect(await execute(id)).toBe("again");
    expect(await detail(id)).toMatchObject({ status: "executing", outcomeUnknown: false });
    expect(await accountOf(app)).toBe(app.accountId);
    expect(between.alerts).toEqual([]);
  });

  test("and cannot be asked: nothing is decided, and the app stays connected", async () => {
    const { id } = await asked();
    between.answer(onCreate, error(403, { code: "account_invalid" }));
    await harness.sandbox.admin.addFault({ fault: "drop_before", method: "GET", path: "/v1/account" });
    expect(await execute(id)).toBe("again");
    expect(await detail(id)).toMatchObject({ status: "executing", outcomeUnknown: false });
    expect(await accountOf(app)).toBe(app.accountId);
  });

  test("with all others: the platform's key is at fault, and somebody is woken", async () => {
    const own = await startHarness();
    const way = await startBetween(own);
    try {
      const alone = await own.app({ approvalRules: rules });
      const other = await own.app();
      const purchase = await own.purchase({ app: alone });
      const { id: refundId } = await askRefund(own, purchase);
      for (const one of [alone, other]) await own.sandbox.admin.revokeAccount(one.accountId);
      expect(await executeRefund(way.dependencies, { refundId, correlationId })).toBe("again");
      expect(way.alerts).toContainEqual({
        alert: "platform_key_at_fault",
        refundId,
        stripeAccountId: alone.accountId,
      });
      expect(await getRefund(own.dependencies, { refundId })).toMatchObject({
        status: "executing",
        outcomeUnknown: false,
      });
    } finally {
      await way.close();
      await own.close();
    }
  });
});
