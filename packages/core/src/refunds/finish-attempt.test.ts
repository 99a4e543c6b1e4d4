import { refundAttempts, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { type Attempt, beginAttempt } from "./begin-attempt.ts";
import { createAtStripe } from "./create-at-stripe.ts";
import { finishAttempt } from "./finish-attempt.ts";
import { getRefund } from "./get-refund.ts";
import type { Verdict } from "./judge-outcome.ts";
import { settleRefund } from "./settle-refund.ts";

// What is written before and after one call: the lease and the key before it, and after it only what is
// still ours to say.
const minute = 60_000;
const hour = 60 * minute;
const correlationId = "cor_test";
let harness: Harness;
let app: TestApp;

beforeAll(async () => {
  harness = await startHarness({ stripeTimeoutMs: 1_000 });
  app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

async function begin(refundId: string): Promise<Attempt> {
  const begun = await beginAttempt(harness.dependencies, { refundId, correlationId });
  if (typeof begun === "string") throw new Error(begun);
  return begun;
}

async function started(): Promise<{ purchase: TestPurchase; id: string; attempt: Attempt }> {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  return { purchase, id, attempt: await begin(id) };
}

async function row(refundId: string) {
  const { database } = harness.dependencies;
  const [found] = await database.select().from(refunds).where(eq(refunds.id, refundId));
  if (!found) throw new Error("no row");
  return found;
}

const refusal: Verdict = { kind: "refuse", code: "charge_not_refundable", message: "Stripe's sentence." };
const result = { outcome: "refused", httpStatus: 400, errorCode: "charge_not_refundable" } as const;

describe("the intention", () => {
  test("holds the row for a minute, and is taken up again after it", async () => {
    const { id, attempt } = await started();
    const now = harness.clock.now();
    const over = new Date(now.getTime() + minute);
    expect(await row(id)).toMatchObject({
      status: "executing",
      leaseUntil: over,
      nextAttemptAt: over,
      firstAttemptAt: now,
      lastAttemptAt: now,
      attemptCount: 1,
      outcomeUnknown: true,
    });
    expect(attempt).toMatchObject({ kind: "create", earlierUnknown: false, maySend: true });
    await harness.advance(minute - 1);
    expect(await beginAttempt(harness.dependencies, { refundId: id, correlationId })).toBe("again");
    await harness.advance(1);
    expect(await begin(id)).toMatchObject({ kind: "create", earlierUnknown: true });
    expect(await row(id)).toMatchObject({
      firstAttemptAt: now,
      lastAttemptAt: over,
      attemptCount: 2,
    });
    const { attempts } = await getRefund(harness.dependencies, { refundId: id });
    expect(attempts).toMatchObject([
      { number: 1, kind: "create", startedAt: now, finishedAt: null },
      { number: 2, kind: "create", startedAt: over, finishedAt: null },
    ]);
  });

  test("stores exactly what is sent, and sends what is stored", async () => {
    const purchase = await harness.purchase({ app });
    const { id, approval } = await askRefund(harness, purchase, { amount: 4_000 });
    await driveRefund(harness, id);
    const parameters = {
      charge: purchase.chargeId,
      amount: 4_000,
      reason: "requested_by_customer",
      metadata: {
        redress_refund_id: id,
        redress_approval_id: approval?.id,
        redress_purchase_id: purchase.id,
      },
    };
    expect(await row(id)).toMatchObject({ stripeParameters: parameters });
    const { charge: _, ...sent } = parameters;
    expect(await harness.stripeRefunds(purchase)).toMatchObject([sent]);
  });

  test.each([
    ["23 hours", 23 * hour, "create"],
    ["more than 23 hours", 23 * hour + 1, "look_up"],
  ])("after %s a call of unknown outcome is followed by the right question", async (_name, age, kind) => {
    const { id } = await started();
    await harness.advance(age);
    expect(await begin(id)).toMatchObject({ kind, maySend: true });
  });

  test("a call that Stripe put off is followed by a question too, once its key may be forgotten", async () => {
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund(harness, purchase);
    await harness.sandbox.admin.addFault({ fault: "rate_limit", method: "POST", path: "/v1/refunds" });
    await execute(harness, id);
    await harness.advance(25 * hour);
    expect(await begin(id)).toMatchObject({ kind: "look_up", earlierUnknown: false });
  });

  test("is not gone on with by a look-up whose lease another worker has taken over", async () => {
    const { id, attempt } = await started();
    const heldLease = attempt.refund.leaseUntil;
    await harness.advance(minute);
    const other = await begin(id);
    const step = { refundId: id, correlationId };
    expect(await beginAttempt(harness.dependencies, { ...step, heldLease })).toBe("again");
    await harness.advance(minute);
    // The other's lease is over as well: who comes with a lease that is not the row's still does not send.
    expect(await beginAttempt(harness.dependencies, { ...step, heldLease })).toBe("again");
    expect(await row(id)).toMatchObject({ attemptCount: other.refund.attemptCount });
  });

  test("is not written for what waits for its time, or for nobody", async () => {
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund(harness, purchase);
    await harness.sandbox.admin.addFault({ fault: "rate_limit", method: "POST", path: "/v1/refunds" });
    await execute(harness, id);
    const { nextAttemptAt } = await row(id);
    expect(await execute(harness, id)).toBe("again");
    const wait = (nextAttemptAt?.getTime() ?? 0) - harness.clock.now().getTime();
    await harness.advance(wait - 1);
    expect(await execute(harness, id)).toBe("again");
    await harness.advance(1);
    expect(await execute(harness, id)).toBe("settled");
    expect(await execute(harness, id)).toBe("settled");
    expect((await getRefund(harness.dependencies, { refundId: id })).attempts).toHaveLength(2);
  });
});

describe("what a call came to", () => {
  test("is kept with the attempt", async () => {
    const { id, attempt } = await started();
    await finishAttempt(harness.dependencies, { attempt, verdict: refusal, result, correlationId });
    const { database, clock } = harness.dependencies;
    const [kept] = await database.select().from(refundAttempts).where(eq(refundAttempts.id, attempt.id));
    expect(kept).toMatchObject({ ...result, finishedAt: clock.now(), refundId: id });
  });

  test("does not undo what a webhook settled meanwhile", async () => {
    const { purchase, id, attempt } = await started();
    await createAtStripe(harness.dependencies, attempt.refund);
    const [stripeRefund] = await harness.stripeRefunds(purchase);
    const { accountId } = purchase;
    const word = { source: "stripe_webhook", correlationId, fresh: false } as const;
    await settleRefund(harness.dependencies, { stripeRefund, accountId, ...word });
    const finish = { attempt, verdict: refusal, result, correlationId };
    expect(await finishAttempt(harness.dependencies, finish)).toBe("settled");
    expect(await row(id)).toMatchObject({ status: "succeeded", refusedCode: null });
  });

  test("says nothing once another worker holds the row: its call may be under way", async () => {
    const { id, attempt } = await started();
    await harness.advance(minute);
    const other = await begin(id);
    const finish = { attempt, verdict: refusal, result, correlationId };
    expect(await finishAttempt(harness.dependencies, finish)).toBe("again");
    expect(await row(id)).toMatchObject({ status: "executing", leaseUntil: other.refund.leaseUntil });
  });

  test("counts all the same when it is Stripe's refund", async () => {
    const { purchase, id, attempt } = await started();
    await createAtStripe(harness.dependencies, attempt.refund);
    await harness.advance(minute);
    await begin(id);
    const [stripeRefund] = await harness.stripeRefunds(purchase);
    const verdict = { kind: "settle", stripeRefund } as const;
    const finish = { attempt, verdict, result: { outcome: "accepted" }, correlationId } as const;
    expect(await finishAttempt(harness.dependencies, finish)).toBe("settled");
    expect(await row(id)).toMatchObject({ status: "succeeded", leaseUntil: null, outcomeUnknown: false });
  });

  test("is no fresh news: what was asked since stays", async () => {
    const purchase = await harness.purchase({ app, paymentMethod: "pm_card_pendingRefund" });
    const { id } = await askRefund(harness, purchase, { amount: 4_000 });
    const attempt = await begin(id);
    await createAtStripe(harness.dependencies, attempt.refund);
    const [stripeRefund] = await harness.stripeRefunds(purchase);
    const { accountId } = purchase;
    const word = { source: "reconciliation", correlationId, fresh: true } as const;
    const waiting = { ...stripeRefund, status: "requires_action" };
    await settleRefund(harness.dependencies, { stripeRefund: waiting, accountId, ...word });
    const verdict = { kind: "settle", stripeRefund } as const;
    const finish = { attempt, verdict, result: { outcome: "accepted" }, correlationId } as const;
    expect(await finishAttempt(harness.dependencies, finish)).toBe("settled");
    expect(await row(id)).toMatchObject({ status: "requires_action" });
  });

  test("ends nothing when a look-up found what a foreign row has taken since: metadata is no proof", async () => {
    const { purchase, id, attempt } = await started();
    const { accountId } = purchase;
    const made = await harness.dependencies.stripe.refunds.create(
      { charge: purchase.chargeId, amount: 4_000 },
      { stripeAccount: accountId },
    );
    const word = { source: "stripe_webhook", correlationId, fresh: false } as const;
    await settleRefund(harness.dependencies, { stripeRefund: made, accountId, ...word });
    const stripeRefund = { ...made, metadata: { redress_refund_id: id } };
    const finish = {
      attempt: { ...attempt, kind: "look_up" },
      verdict: { kind: "settle", stripeRefund },
      result: { outcome: "accepted" },
      correlationId,
    } as const;
    expect(await finishAttempt(harness.dependencies, finish)).toBe("again");
    expect(await row(id)).toMatchObject({ status: "executing", stripeRefundId: null });
  });

  test("is not taken for ours when it is of another charge: nothing is written", async () => {
    const { id, attempt } = await started();
    const elsewhere = { object: "refund", id: "re_no", amount: 4_000, currency: "eur", status: "succeeded" };
    const verdict = { kind: "settle", stripeRefund: { ...elsewhere, created: 1, charge: "ch_no" } } as const;
    await expect(
      finishAttempt(harness.dependencies, { attempt, verdict, result, correlationId }),
    ).rejects.toThrow("another charge");
    expect(await row(id)).toMatchObject({ status: "executing", outcomeUnknown: true });
    const { attempts } = await getRefund(harness.dependencies, { refundId: id });
    expect(attempts).toMatchObject([{ finishedAt: null, outcome: null }]);
  });
});
