import { apps, notifications, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { spendShare } from "../stripe/request-share.ts";
import { askRefund, driveRefund, execute, testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { nextPoll } from "./back-off.ts";
import type { SettleSource } from "./confirm-refund.ts";
import { getRefund } from "./get-refund.ts";
import { pollPending } from "./poll-pending.ts";
import { refreshRefund } from "./refresh-refund.ts";
import { resumeBlocked } from "./resume-refunds.ts";
import { settleRefund } from "./settle-refund.ts";
import { withdrawRefund } from "./withdraw-refund.ts";

// What Stripe says beside the status, whose word it is, and which row it belongs to.
const minute = 60_000;
const alerts: object[] = [];
let harness: Harness;
let app: TestApp;

beforeAll(async () => {
  harness = await startHarness({ stripeTimeoutMs: 1_000 });
  harness.dependencies.logger.error = (facts) => void alerts.push(facts);
  app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
});
afterEach(async () => {
  await harness.sandbox.admin.clearFaults();
  alerts.length = 0;
});
afterAll(() => harness.close());

const correlationId = "evt_test";
const detail = (refundId: string) => getRefund(harness.dependencies, { refundId });
const nowSeconds = () => harness.clock.now().getTime() / 1000;

function settle(
  purchase: TestPurchase,
  stripeRefund: unknown,
  {
    source = "stripe_webhook" as SettleSource,
    ...lease
  }: { source?: SettleSource; fresh?: boolean; lease?: Date } = {},
) {
  const { accountId } = purchase;
  const word = { stripeRefund, accountId, source, correlationId };
  return settleRefund(harness.dependencies, { ...word, fresh: false, ...lease });
}

async function atStripe(purchase: TestPurchase) {
  const [refund] = await harness.stripeRefunds(purchase);
  if (!refund) throw new Error("no refund at Stripe");
  return refund;
}

async function row(refundId: string) {
  const { database } = harness.dependencies;
  const [found] = await database.select().from(refunds).where(eq(refunds.id, refundId));
  if (!found) throw new Error("no row");
  return found;
}

/** A refund that Stripe still works on. */
async function pendingRefund() {
  const purchase = await harness.purchase({ app, paymentMethod: "pm_card_pendingRefund" });
  const { id } = await askRefund(harness, purchase);
  await driveRefund(harness, id);
  return { purchase, id, sample: await atStripe(purchase) };
}

/** One that waits for the customer, here and there, for as long as a test likes. */
async function waitingRefund() {
  const { purchase, id, sample } = await pendingRefund();
  const { accountId: account } = purchase;
  const status = "requires_action";
  await settle(purchase, await harness.sandbox.admin.advanceRefund(sample.id, { account, status }), {
    fresh: true,
  });
  expect(await detail(id)).toMatchObject({ status });
  return { purchase, id };
}

/** Stripe has the refund, and we do not know it. */
async function lostCall(amount = 4_000) {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount });
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  await execute(harness, id);
  return { purchase, id, sample: await atStripe(purchase) };
}

describe("facts that come after the state", () => {
  test("the bank's reference is kept, said once with before and after, and never goes away", async () => {
    const { purchase, id, sample } = await lostCall();
    await settle(purchase, sample);
    const card = { reference: "arn_1", reference_status: "available" };
    const referenced = { ...sample, destination_details: { type: "card", card } };
    expect(await settle(purchase, referenced)).toMatchObject({ changed: true });
    expect(await settle(purchase, referenced)).toMatchObject({ changed: false });
    expect(await settle(purchase, sample)).toMatchObject({ changed: false });
    const { bankReference, history } = await detail(id);
    expect(bankReference).toBe("arn_1");
    expect(history.filter(({ after }) => after?.bankReference)).toMatchObject([
      {
        action: "refund_confirmed",
        before: { bankReference: null, failureReason: null },
        after: { bankReference: "arn_1", failureReason: null },
        details: { stripeRefundId: sample.id, source: "stripe_webhook", status: "succeeded" },
      },
    ]);
  });

  test("why it failed may come after the failure, and is kept", async () => {
    const { purchase, id, sample } = await lostCall();
    await settle(purchase, { ...sample, status: "failed" });
    expect(await detail(id)).toMatchObject({ status: "failed", failureReason: null });
    const told = { ...sample, status: "failed", failure_reason: "lost_or_stolen_card" };
    expect(await settle(purchase, told)).toMatchObject({ changed: true });
    await settle(purchase, { ...sample, status: "failed" });
    expect(await detail(id)).toMatchObject({ failureReason: "lost_or_stolen_card" });
  });

  test("a reference that was known before the failure stays with it", async () => {
    const { purchase, id, sample } = await lostCall();
    const card = { reference: "arn_2", reference_status: "available" };
    await settle(purchase, { ...sample, destination_details: { type: "card", card } });
    await settle(purchase, { ...sample, status: "failed", failure_reason: "declined" });
    expect(await detail(id)).toMatchObject({ bankReference: "arn_2", failureReason: "declined" });
    expect(alerts).toMatchObject([{ alert: "refund_failed_after_success", refundId: id }]);
  });

  test("why it is pending is said while it is, and not longer", async () => {
    const { purchase, id, sample } = await lostCall();
    await settle(purchase, { ...sample, status: "pending", pending_reason: "insufficient_funds" });
    const now = harness.clock.now();
    const since = new Date(Number(Reflect.get(sample, "created")) * 1000);
    expect(await row(id)).toMatchObject({
      pendingReason: "insufficient_funds",
      settledAt: null,
      leaseUntil: null,
      nextAttemptAt: nextPoll({ now, since }),
    });
    await settle(purchase, { ...sample, status: "succeeded", pending_reason: "insufficient_funds" });
    expect(await row(id)).toMatchObject({ pendingReason: null, settledAt: now, nextAttemptAt: null });
    expect(alerts).toEqual([]);
  });
});

describe("between pending and requires_action", () => {
  test("only news between these two is ambiguous; what comes late or says the same asks nobody again", async () => {
    const { purchase, id, sample } = await pendingRefund();
    const nothing = { refundId: id, changed: false, ambiguous: false };
    expect(await settle(purchase, sample)).toEqual(nothing);
    expect(await settle(purchase, { ...sample, status: "succeeded" })).toEqual({ ...nothing, changed: true });
    for (const status of ["pending", "requires_action"]) {
      expect(await settle(purchase, { ...sample, status })).toEqual(nothing);
    }
    const elsewhere = await settle(purchase, { ...sample, id: "re_elsewhere", metadata: {} });
    expect(elsewhere).toMatchObject({ changed: true, ambiguous: false });
  });

  test("a fetch counts only while its lease is held", async () => {
    const { purchase, id, sample } = await pendingRefund();
    const action = { ...sample, status: "requires_action" };
    const { database, clock } = harness.dependencies;
    const lease = new Date(clock.now().getTime() + minute);
    await database.update(refunds).set({ leaseUntil: lease }).where(eq(refunds.id, id));
    const lost = { fresh: true, lease: new Date(lease.getTime() - 1) };
    expect(await settle(purchase, action, lost)).toMatchObject({ changed: false, ambiguous: true });
    expect(await settle(purchase, action, { fresh: true, lease })).toMatchObject({ changed: true });
    expect(await row(id)).toMatchObject({ status: "requires_action", leaseUntil: null, settledAt: null });
    // And back again, by a snapshot and by a fetch.
    expect(await settle(purchase, { ...sample, status: "pending" })).toMatchObject({ ambiguous: true });
    expect(await settle(purchase, { ...sample, status: "pending" }, { fresh: true })).toMatchObject({
      changed: true,
    });
    expect(await detail(id)).toMatchObject({ status: "pending", notifications: [] });
  });

  test("one worker asks at a time; the lease is given back, and the next question has a time", async () => {
    const { id } = await waitingRefund();
    const { database, clock } = harness.dependencies;
    const ask = () =>
      refreshRefund(harness.dependencies, { refundId: id, source: "reconciliation", correlationId });
    const lease = new Date(clock.now().getTime() + minute);
    await database.update(refunds).set({ leaseUntil: lease }).where(eq(refunds.id, id));
    expect(await ask()).toEqual({ changed: false, busy: true });
    expect(await row(id)).toMatchObject({ leaseUntil: lease });
    // A lease that has run out holds nobody up.
    await harness.advance(minute);
    expect(await ask()).toEqual({ changed: false, busy: false });
    const { requestedAt, leaseUntil, nextAttemptAt } = await row(id);
    expect(leaseUntil).toBeNull();
    expect(nextAttemptAt).toEqual(nextPoll({ now: clock.now(), since: requestedAt }));
  });

  test("where Stripe does not answer, nothing is new, and it is asked again later", async () => {
    const { id } = await waitingRefund();
    await harness.sandbox.admin.addFault({ fault: "drop_before", method: "GET", path: "/v1/refunds" });
    const input = { refundId: id, source: "reconciliation", correlationId } as const;
    expect(await refreshRefund(harness.dependencies, input)).toEqual({ changed: false, busy: true });
    const { leaseUntil, nextAttemptAt } = await row(id);
    expect(leaseUntil).toBeNull();
    expect(nextAttemptAt?.getTime()).toBeGreaterThan(harness.clock.now().getTime());
  });

  test("there is nothing to ask about a refund that Stripe does not have", async () => {
    const purchase = await harness.purchase({ app });
    const { id, nextAttemptAt } = await askRefund(harness, purchase);
    const input = { refundId: id, source: "reconciliation", correlationId } as const;
    expect(await refreshRefund(harness.dependencies, input)).toEqual({ changed: false, busy: false });
    expect(await row(id)).toMatchObject({ leaseUntil: null, nextAttemptAt });
  });

  test("a sweep asks about the longest waiting ones first, and about no more than it may", async () => {
    const waiting = [await waitingRefund(), await waitingRefund(), await waitingRefund()];
    await harness.advance(24 * 60 * minute);
    // Whatever other tests left waiting comes after these.
    const due = (place: number) => new Date(harness.clock.now().getTime() - (100 + place) * 60 * minute);
    for (const [place, { id }] of waiting.entries()) {
      const { database } = harness.dependencies;
      await database
        .update(refunds)
        .set({ nextAttemptAt: due(place) })
        .where(eq(refunds.id, id));
    }
    const sweep = () => pollPending(harness.dependencies, { limit: 2, correlationId });
    const times = async () => Promise.all(waiting.map(async ({ id }) => (await row(id)).nextAttemptAt));
    expect(await sweep()).toBe(0);
    const [first, second, third] = await times();
    expect(first).toEqual(due(0));
    for (const asked of [second, third]) {
      expect(asked?.getTime()).toBeGreaterThan(harness.clock.now().getTime());
    }
    await sweep();
    expect((await times())[0]?.getTime()).toBeGreaterThan(harness.clock.now().getTime());
  });
});

test("a sweep whose share of requests is spent leaves its questions to the next one", async () => {
  const waiting = await waitingRefund();
  await harness.advance(24 * 60 * minute);
  const before = (await row(waiting.id)).nextAttemptAt;
  await spendShare(harness.dependencies, "reconciliation", 100);
  expect(await pollPending(harness.dependencies, { limit: 1_000, correlationId })).toBe(0);
  expect((await row(waiting.id)).nextAttemptAt).toEqual(before);
  await harness.advance(10 * minute);
});

describe("a refund made elsewhere", () => {
  const made = (purchase: TestPurchase, id: string, more: object = {}) => ({
    object: "refund",
    id,
    charge: purchase.chargeId,
    amount: 3_000,
    currency: "eur",
    status: "succeeded",
    created: nowSeconds() - 3_600,
    ...more,
  });

  test("is dated by Stripe, as far as Stripe has a date", async () => {
    const purchase = await harness.purchase({ app });
    const open = made(purchase, "re_elsewhere_1", { status: "pending", pending_reason: "processing" });
    const failed = made(purchase, "re_elsewhere_2", { status: "failed", failure_reason: "declined" });
    const done = made(purchase, "re_elsewhere_3", { reason: "duplicate" });
    const needing = made(purchase, "re_elsewhere_4", { status: "requires_action", amount: 1 });
    const rows = [];
    for (const one of [open, failed, done, needing])
      rows.push(await row((await settle(purchase, one)).refundId ?? ""));
    const now = harness.clock.now();
    const created = new Date(now.getTime() - 3_600_000);
    const nextAttemptAt = nextPoll({ now, since: created });
    const at = {
      origin: "stripe",
      requestedAt: created,
      requestedByOwner: "stripe",
      requestedById: "stripe",
    };
    expect(rows).toMatchObject([
      { ...at, status: "pending", settledAt: null, nextAttemptAt, pendingReason: "processing" },
      { ...at, status: "failed", settledAt: now, nextAttemptAt: null, failureReason: "declined" },
      { ...at, status: "succeeded", settledAt: created, nextAttemptAt: null, reason: "duplicate" },
      { ...at, status: "requires_action", settledAt: null, nextAttemptAt },
    ]);
    const told = await harness.dependencies.database
      .select({ refundId: notifications.refundId, type: notifications.type })
      .from(notifications)
      .where(eq(notifications.purchaseId, purchase.id));
    // Only money that was really returned is told.
    expect(told).toEqual([{ refundId: rows[2]?.id, type: "refund.succeeded" }]);
    expect(await askRefund(harness, purchase)).toMatchObject({ amount: 3_999 });
  });

  test.each([
    ["a webhook, however old", "stripe_webhook", -60 * minute, 1],
    ["an import, from well before we knew", "import", -5 * minute - 1_000, 0],
    ["an import, from about then", "import", -5 * minute, 1],
  ] as const)("brought by %s is told as news or kept as history", async (_name, source, ageMs, count) => {
    const fresh = await harness.app();
    const purchase = await harness.purchase({ app: fresh });
    const created = nowSeconds() + ageMs / 1000;
    await settle(purchase, made(purchase, `re_${source}_${ageMs}`, { created }), { source });
    const { database } = harness.dependencies;
    expect(await database.$count(notifications, eq(notifications.purchaseId, purchase.id))).toBe(count);
  });

  test("since the connection is news, though the purchase became known only by the import", async () => {
    const early = await harness.app();
    await harness.advance(60 * minute);
    const purchase = await harness.purchase({ app: early });
    const created = nowSeconds() - 30 * 60;
    await settle(purchase, made(purchase, "re_since_connection", { created }), { source: "import" });
    const { database } = harness.dependencies;
    expect(await database.$count(notifications, eq(notifications.purchaseId, purchase.id))).toBe(1);
    await database.update(apps).set({ connectedAt: harness.clock.now() }).where(eq(apps.id, early.id));
    await settle(purchase, made(purchase, "re_before_connection", { created }), { source: "import" });
    expect(await database.$count(notifications, eq(notifications.purchaseId, purchase.id))).toBe(1);
  });
});

describe("metadata that names one of ours", () => {
  const named = (purchase: TestPurchase, refundId: string, id: string, amount = 4_000) => ({
    object: "refund",
    id,
    charge: purchase.chargeId,
    amount,
    currency: "eur",
    status: "succeeded",
    created: nowSeconds(),
    metadata: { redress_refund_id: refundId },
  });

  test("is not believed where nothing was sent", async () => {
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund(harness, purchase, { amount: 4_000 });
    const { refundId } = await settle(purchase, named(purchase, id, "re_unsent"));
    expect(refundId).not.toBe(id);
    expect(await detail(id)).toMatchObject({ status: "approved", stripeRefundId: null });
  });

  test("is not believed of another purchase", async () => {
    const { id } = await lostCall();
    const other = await harness.purchase({ app });
    const { refundId } = await settle(other, named(other, id, "re_other_purchase"));
    expect(refundId).not.toBe(id);
    expect(await detail(id)).toMatchObject({ status: "executing", stripeRefundId: null });
  });

  test("is not believed once ours has its refund: the second one is a fact of its own", async () => {
    const { purchase, id, sample } = await lostCall();
    await settle(purchase, sample);
    const { refundId } = await settle(purchase, named(purchase, id, "re_second"));
    expect(refundId).not.toBe(id);
    expect(await detail(id)).toMatchObject({ stripeRefundId: sample.id });
  });

  /** A call that the account did not let in. */
  async function blockedRefund() {
    await harness.app();
    const lost = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
    const purchase = await harness.purchase({ app: lost });
    const { id } = await askRefund(harness, purchase, { amount: 4_000 });
    await harness.sandbox.admin.revokeAccount(lost.accountId);
    expect(await execute(harness, id)).toBe("stopped");
    return { lost, purchase, id };
  }

  test("is not believed of one that was withdrawn", async () => {
    const { purchase, id } = await blockedRefund();
    await withdrawRefund(harness.dependencies, { refundId: id, actor: testRequester, correlationId });
    const { refundId } = await settle(purchase, named(purchase, id, "re_withdrawn"));
    expect(refundId).not.toBe(id);
    expect(await detail(id)).toMatchObject({ status: "withdrawn" });
  });

  test("settles one that is blocked", async () => {
    const { purchase, id } = await blockedRefund();
    expect(await settle(purchase, named(purchase, id, "re_blocked"))).toMatchObject({ refundId: id });
    expect(await detail(id)).toMatchObject({ status: "succeeded", blockedCode: null, nextAttemptAt: null });
  });

  test("settles one that was resumed, before its second call", async () => {
    const { lost, purchase, id } = await blockedRefund();
    await harness.connect(lost, lost.accountId);
    expect(await resumeBlocked(harness.dependencies, { appId: lost.id, correlationId })).toBe(1);
    await settle(purchase, named(purchase, id, "re_resumed"));
    const { status, history } = await detail(id);
    expect(status).toBe("succeeded");
    const moves = history.flatMap(({ actor, after }) => (after?.status ? [[actor.kind, after.status]] : []));
    expect(moves.slice(-3)).toEqual([
      ["system", "approved"],
      ["stripe", "executing"],
      ["stripe", "succeeded"],
    ]);
  });
});

test("the answer to our own key outweighs metadata that the merchant has changed", async () => {
  const { purchase, id, sample } = await lostCall();
  const { refundId } = await settle(purchase, { ...sample, metadata: {} });
  expect(refundId).not.toBe(id);
  // The row that was taken in is the fact; ours sends nothing ever again.
  const refund = await driveRefund(harness, id);
  expect(refund).toMatchObject({ status: "superseded", outcomeUnknown: false, nextAttemptAt: null });
  expect(refund.history.at(-1)).toMatchObject({
    actor: { kind: "system", id: "execute_refund" },
    action: "refund_superseded",
    details: { settledAs: refundId },
  });
  expect(await row(id)).toMatchObject({ leaseUntil: null });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});
