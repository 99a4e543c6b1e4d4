import { auditLogs, notifications, purchases } from "@redress/database";
import { and, eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askRefund, driveRefund, execute, testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import type { SettleSource } from "./confirm-refund.ts";
import { getRefund } from "./get-refund.ts";
import { pollPending } from "./poll-pending.ts";
import { refreshRefund } from "./refresh-refund.ts";
import type { RefundDetail } from "./refund-view.ts";
import { settleRefund } from "./settle-refund.ts";
import { withdrawRefund } from "./withdraw-refund.ts";

// Invariant 5: any order and repetition of what Stripe says ends in the same state.
let harness: Harness;
let app: TestApp;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
});
afterAll(() => harness.close());

const detail = (refundId: string) => getRefund(harness.dependencies, { refundId });

function settle(purchase: TestPurchase, stripeRefund: unknown, source: SettleSource = "stripe_webhook") {
  return settleRefund(harness.dependencies, {
    stripeRefund,
    accountId: purchase.accountId,
    source,
    correlationId: "evt_test",
    fresh: false,
  });
}

async function audits(refundId: string, action: string) {
  return harness.dependencies.database
    .select()
    .from(auditLogs)
    .where(and(eq(auditLogs.refundId, refundId), eq(auditLogs.action, action)));
}

/** Stripe's refund as it is there now. */
async function atStripe(purchase: TestPurchase) {
  const [refund] = await harness.stripeRefunds(purchase);
  if (!refund) throw new Error("no refund at Stripe");
  return refund;
}

async function refunded(options: { amount?: number; paymentMethod?: string } = {}): Promise<{
  purchase: TestPurchase;
  refund: RefundDetail;
}> {
  const { paymentMethod } = options;
  const purchase = await harness.purchase({ app, ...(paymentMethod ? { paymentMethod } : {}) });
  const { id } = await askRefund(harness, purchase, options.amount ? { amount: options.amount } : {});
  return { purchase, refund: await driveRefund(harness, id) };
}

test("snapshots in any order, any number of times, end where Stripe's history ends", async () => {
  const histories = fc.constantFrom(
    ["pending", "succeeded"],
    ["pending", "succeeded", "failed"],
    ["pending", "failed"],
    ["pending", "canceled"],
    ["requires_action", "pending", "succeeded"],
    ["requires_action", "canceled"],
    ["succeeded", "failed"],
  );
  const arrivals = histories.chain((history) =>
    fc.record({
      history: fc.constant(history),
      // Every state arrives at least once, and then some of them again.
      order: fc.array(fc.nat(history.length - 1), { maxLength: 4 }).chain((again) =>
        fc.shuffledSubarray(
          [...history.keys(), ...again].map((state, index) => ({ state, index })),
          {
            minLength: history.length + again.length,
          },
        ),
      ),
    }),
  );
  await fc.assert(
    fc.asyncProperty(arrivals, async ({ history, order }) => {
      const { purchase, refund } = await callThatWasLost();
      const sample = await atStripe(purchase);
      for (const { state } of order) await settle(purchase, { ...sample, status: history[state] });
      const settled = await detail(refund.id);
      expect(settled).toMatchObject({
        status: history.at(-1),
        stripeRefundId: sample.id,
        outcomeUnknown: false,
      });
      const moves = await audits(refund.id, "refund_confirmed");
      const statuses = moves.flatMap(({ before, after }) => (before ? [after?.status] : []));
      expect(new Set(statuses).size).toBe(statuses.length);
      const told = settled.notifications.map(({ type }) => type);
      expect(told.includes("refund.failed")).toBe(told.length === 2);
    }),
    { numRuns: 40, seed: 20_261_123 },
  );
});

/** Stripe has the refund, and we do not know it. */
async function callThatWasLost() {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  await execute(harness, id);
  return { purchase, refund: await detail(id) };
}

test("a webhook before the answer settles our row, not a second one; the late retry changes nothing", async () => {
  const { purchase, refund } = await callThatWasLost();
  expect(await settle(purchase, await atStripe(purchase))).toEqual({
    refundId: refund.id,
    changed: true,
    ambiguous: false,
  });
  expect(await execute(harness, refund.id)).toBe("settled");
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("the webhook after the answer is written down once as a confirmation, and changes nothing", async () => {
  const { purchase, refund } = await refunded();
  const sample = await atStripe(purchase);
  for (let i = 0; i < 3; i++) expect(await settle(purchase, sample)).toMatchObject({ changed: false });
  const confirmed = await audits(refund.id, "refund_confirmed");
  expect(confirmed.map(({ details }) => details)).toEqual([
    { stripeRefundId: sample.id, source: "stripe_api", status: "succeeded" },
    { stripeRefundId: sample.id, source: "stripe_webhook", status: "succeeded" },
  ]);
  expect(confirmed.map(({ purchaseId }) => purchaseId)).toEqual([purchase.id, purchase.id]);
});

test("twenty copies at once make one change, one notification", async () => {
  const { purchase, refund } = await callThatWasLost();
  const sample = await atStripe(purchase);
  const settled = await Promise.all(Array.from({ length: 20 }, () => settle(purchase, sample)));
  expect(settled.filter(({ changed }) => changed)).toHaveLength(1);
  expect((await detail(refund.id)).notifications).toHaveLength(1);
});

test("succeeded, then failed weeks later: the app is told both, and the money is left to refund again", async () => {
  const { purchase, refund } = await refunded();
  const { accountId: account } = purchase;
  await harness.advance(20 * 24 * 60 * 60 * 1000);
  const failure_reason = "expired_or_canceled_card";
  const failed = await harness.sandbox.admin.advanceRefund(refund.stripeRefundId ?? "", {
    account,
    status: "failed",
    failure_reason,
  });
  await settle(purchase, failed);
  const after = await detail(refund.id);
  expect(after).toMatchObject({ status: "failed", failureReason: failure_reason });
  expect(after.notifications.map(({ type, access }) => [type, access])).toEqual([
    ["refund.succeeded", "revoke"],
    ["refund.failed", "restore"],
  ]);
  expect(await driveRefund(harness, (await askRefund(harness, purchase)).id)).toMatchObject({
    status: "succeeded",
    amount: purchase.amount,
  });
});

describe("pending at Stripe", () => {
  test("is followed by asking when no webhook comes", async () => {
    const { purchase, refund } = await refunded({ paymentMethod: "pm_card_pendingRefund" });
    expect(refund).toMatchObject({ status: "pending", settledAt: null });
    const { accountId: account } = purchase;
    if ((await atStripe(purchase)).status === "pending") {
      await harness.sandbox.admin.advanceRefund(refund.stripeRefundId ?? "", {
        account,
        status: "succeeded",
      });
    }
    expect(await pollPending(harness.dependencies, { correlationId: "cor_poll" })).toBe(0);
    await harness.advance(60 * 60 * 1000);
    expect(await pollPending(harness.dependencies, { correlationId: "cor_poll" })).toBe(1);
    expect(await detail(refund.id)).toMatchObject({ status: "succeeded", nextAttemptAt: null });
  });

  test("or requires_action has no order in snapshots: only a fresh fetch tells", async () => {
    const { purchase, refund } = await refunded({ paymentMethod: "pm_card_pendingRefund" });
    const { accountId: account } = purchase;
    const returned = await harness.sandbox.admin.advanceRefund(refund.stripeRefundId ?? "", {
      account,
      status: "requires_action",
    });
    expect(await settle(purchase, returned)).toEqual({
      refundId: refund.id,
      changed: false,
      ambiguous: true,
    });
    const input = { refundId: refund.id, source: "stripe_webhook", correlationId: "evt_test" } as const;
    expect(await refreshRefund(harness.dependencies, input)).toEqual({ changed: true, busy: false });
    expect(await detail(refund.id)).toMatchObject({ status: "requires_action" });
  });
});

describe("a refund that was not made here", () => {
  const foreign = { object: "refund", amount: 3_000, currency: "eur", status: "succeeded", created: 0 };

  test("is taken in, counts, and the app is told", async () => {
    const purchase = await harness.purchase({ app });
    const created = harness.clock.now().getTime() / 1000;
    const snapshot = { ...foreign, id: "re_foreign_1", charge: purchase.chargeId, created };
    const { refundId } = await settle(purchase, snapshot);
    expect(await detail(refundId ?? "")).toMatchObject({
      origin: "stripe",
      status: "succeeded",
      requestedBy: { kind: "stripe" },
      notifications: [{ type: "refund.succeeded" }],
    });
    expect(await settle(purchase, snapshot)).toMatchObject({ refundId, changed: false });
    expect(await askRefund(harness, purchase)).toMatchObject({ amount: 7_000 });
  });

  test("that carries our metadata, copied by the merchant, does not become ours", async () => {
    const { purchase, refund } = await refunded({ amount: 3_000 });
    const copied = {
      ...foreign,
      id: "re_foreign_2",
      charge: purchase.chargeId,
      metadata: { redress_refund_id: refund.id },
    };
    const { refundId } = await settle(purchase, copied);
    expect(refundId).not.toBe(refund.id);
    expect(await detail(refundId ?? "")).toMatchObject({ origin: "stripe" });
  });

  test("of another amount than the one that is under way does not settle it", async () => {
    const { purchase, refund } = await callThatWasLost();
    const other = { ...foreign, id: "re_foreign_3", charge: purchase.chargeId };
    await settle(purchase, { ...other, metadata: { redress_refund_id: refund.id } });
    expect(await detail(refund.id)).toMatchObject({ status: "executing", stripeRefundId: null });
  });

  test("found by an import from before we knew the purchase is history: nobody is told", async () => {
    const purchase = await harness.purchase({ app });
    const old = { ...foreign, id: "re_foreign_4", charge: purchase.chargeId, created: 1_600_000_000 };
    await settle(purchase, old, "import");
    const told = await harness.dependencies.database
      .select()
      .from(notifications)
      .where(eq(notifications.purchaseId, purchase.id));
    expect(told).toEqual([]);
  });

  test("may sum to more than was captured here: what happened is recorded", async () => {
    const purchase = await harness.purchase({ app });
    await harness.dependencies.database
      .update(purchases)
      .set({ amountCaptured: 100 })
      .where(eq(purchases.id, purchase.id));
    const { changed } = await settle(purchase, { ...foreign, id: "re_foreign_5", charge: purchase.chargeId });
    expect(changed).toBe(true);
  });
});

test("an unknown charge and things that are no refund change nothing", async () => {
  const purchase = await harness.purchase({ app });
  const nothing = { refundId: null, changed: false, ambiguous: false };
  expect(
    await settle(purchase, {
      object: "refund",
      id: "re_x",
      amount: 1,
      currency: "eur",
      created: 1,
      charge: "ch_unknown",
      status: "succeeded",
    }),
  ).toEqual(nothing);
  expect(await settle(purchase, { object: "charge" })).toEqual(nothing);
});

test("requests, runs, webhooks, polls and withdrawals at once never wait for each other in a circle", async () => {
  const purchase = await harness.purchase({ app, amount: 50_000 });
  const asked = await Promise.all(
    Array.from({ length: 8 }, () => askRefund(harness, purchase, { amount: 1_000 })),
  );
  const { dependencies } = harness;
  const done = await Promise.allSettled(
    asked.flatMap(({ id }, index) => [
      execute(harness, id),
      execute(harness, id),
      askRefund(harness, purchase, { amount: 500 }),
      withdrawRefund(dependencies, { refundId: id, actor: testRequester, correlationId: "cor_test" }),
      settle(purchase, {
        object: "refund",
        id: `re_elsewhere_${index % 3}`,
        charge: purchase.chargeId,
        amount: 100,
        currency: "eur",
        status: "succeeded",
        created: 1,
      }),
      refreshRefund(dependencies, { refundId: id, source: "reconciliation", correlationId: "cor_test" }),
    ]),
  );
  const failures = done.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
  // Only withdrawals that came too late may fail; an error of the database has no such code.
  expect(failures.filter((code) => code !== "outcome_unknown" && code !== "already_decided")).toEqual([]);
  const rows = await Promise.all(asked.map(({ id }) => driveRefund(harness, id)));
  const ours = rows.filter(({ status }) => status === "succeeded");
  expect(rows.length - ours.length).toBe(rows.filter(({ status }) => status === "withdrawn").length);
  const returned = await harness.stripeRefunds(purchase);
  expect(new Set(returned.map(({ id }) => id))).toEqual(
    new Set(ours.map(({ stripeRefundId }) => stripeRefundId)),
  );
});
