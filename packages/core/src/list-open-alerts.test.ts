import { notifications, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { countOpenAlertsByKind, countUndecidedDrifts, listOpenAlerts } from "./list-open-alerts.ts";
import { asker, driveRun, refundInDashboard } from "./reconciliation/books.fixture.ts";
import { comparedApps, startAskedRun } from "./reconciliation/start-asked-run.ts";
import { settleRefund } from "./refunds/settle-refund.ts";
import { supersedeRefund } from "./refunds/supersede-refund.ts";
import { askRefund, driveRefund, execute, untilDue } from "./testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "./testing/harness.ts";

// What the books cannot mend by themselves is seen in the console, not only in a log; and what is mended
// is gone from the list without anybody closing it.
const hour = 60 * 60 * 1000;
const day = 24 * hour;
const rules = [{ amount: 1_000_000, currency: "eur" }];
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

/** Of all kinds together. */
async function countOpen(input: { appIds: readonly string[] }): Promise<number> {
  const counts = await countOpenAlertsByKind(harness.dependencies, input);
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

async function alertsOf(app: TestApp) {
  const input = { appIds: [app.id] };
  const alerts = await listOpenAlerts(harness.dependencies, input);
  expect(await countOpen(input)).toBe(alerts.length);
  return alerts.map(({ kind, refund, hadSucceeded }) => ({ kind, id: refund.id, hadSucceeded }));
}

async function refunded(app: TestApp) {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase);
  const { stripeRefundId } = await driveRefund(harness, id);
  return { id, purchase, stripeRefundId: stripeRefundId ?? "" };
}

async function failLater(app: TestApp, stripeRefundId: string): Promise<void> {
  const account = app.accountId;
  await harness.sandbox.admin.advanceRefund(stripeRefundId, { account, status: "failed" });
  const stripeRefund = await harness.dependencies.stripe.refunds.retrieve(
    stripeRefundId,
    {},
    { stripeAccount: account },
  );
  await settleRefund(harness.dependencies, {
    stripeRefund,
    accountId: account,
    source: "stripe_webhook",
    correlationId: "cor_test",
    fresh: false,
  });
}

const notified = (refundId: string, set: Partial<typeof notifications.$inferInsert>) =>
  harness.dependencies.database.update(notifications).set(set).where(eq(notifications.refundId, refundId));

test("a success that failed later is an alert, until the money is asked for again, and for a month at most", async () => {
  const app = await harness.app({ approvalRules: rules });
  const one = await refunded(app);
  const other = await refunded(app);
  expect(await alertsOf(app)).toEqual([]);
  await harness.advance(day);
  await failLater(app, one.stripeRefundId);
  await failLater(app, other.stripeRefundId);
  const alert = (id: string) => ({ kind: "failed", id, hadSucceeded: true });
  expect(await alertsOf(app)).toEqual(expect.arrayContaining([alert(one.id), alert(other.id)]));
  await harness.advance(1_000);
  await askRefund(harness, one.purchase);
  expect(await alertsOf(app)).toEqual([alert(other.id)]);
  await harness.advance(31 * day);
  expect((await alertsOf(app)).filter(({ kind }) => kind === "failed")).toEqual([]);
});

test("a blocked refund is one until it goes on", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase);
  const away = await harness.sandbox.admin.createAccount({ connected: true });
  await harness.connect(app, away.id);
  await execute(harness, id);
  expect(await alertsOf(app)).toEqual([{ kind: "blocked", id, hadSucceeded: false }]);
  await harness.connect(app, app.accountId);
  await harness.advance(hour);
  await driveRefund(harness, id);
  expect(await alertsOf(app)).toEqual([]);
});

test("an unknown outcome is one after an hour, and another when a person has to look; before, it goes on by itself", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  await harness.sandbox.admin.addFault({ fault: "drop_before", method: "POST", path: "/v1/refunds" });
  await execute(harness, id);
  await harness.advance(hour - 1_000);
  expect(await alertsOf(app)).toEqual([]);
  await harness.advance(1_000);
  expect(await alertsOf(app)).toEqual([{ kind: "unknown_for_long", id, hadSucceeded: false }]);
  await harness.advance(24 * hour);
  await refundInDashboard(harness, purchase, 4_000);
  expect(await execute(harness, id)).toBe("stopped");
  expect(await alertsOf(app)).toEqual([{ kind: "unattributed", id, hadSucceeded: false }]);
});

test("access that the app did not change: refused or unreachable at once, unconfirmed after a day", async () => {
  const app = await harness.app({ approvalRules: rules, notificationUrl: "https://app.example/hook" });
  const { id } = await refunded(app);
  const alert = { kind: "access_open", id, hadSucceeded: false };
  expect(await alertsOf(app)).toEqual([]);
  await notified(id, { status: "declined", nextAttemptAt: null });
  expect(await alertsOf(app)).toEqual([alert]);
  await notified(id, { status: "received", nextAttemptAt: null });
  expect(await alertsOf(app)).toEqual([]);
  await harness.advance(day);
  expect(await alertsOf(app)).toEqual([alert]);
  await notified(id, { status: "done" });
  expect(await alertsOf(app)).toEqual([]);
});

test("a refund that was replaced and turns up at Stripe: perhaps paid twice", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  await harness.sandbox.admin.addFault({ fault: "error_500_stored", method: "POST", path: "/v1/refunds" });
  for (let step = 0; step < 3; step += 1) {
    await execute(harness, id);
    await untilDue(harness, id);
  }
  // Until somebody replaces it.
  expect(await alertsOf(app)).toEqual([{ kind: "replaceable", id, hadSucceeded: false }]);
  const { id: operatorId } = await harness.operator("approver");
  const correlationId = "cor_test";
  const replacement = await supersedeRefund(harness.dependencies, {
    refundId: id,
    operatorId,
    correlationId,
  });
  await driveRefund(harness, replacement.id);
  expect(await alertsOf(app)).toEqual([]);
  const stripeRefund = await harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId, amount: 4_000, metadata: { redress_refund_id: id } },
    { stripeAccount: app.accountId },
  );
  const { accountId } = app;
  const word = { stripeRefund, accountId, source: "stripe_webhook", correlationId, fresh: false } as const;
  await settleRefund(harness.dependencies, word);
  expect(await alertsOf(app)).toEqual([{ kind: "paid_twice_perhaps", id, hadSucceeded: false }]);
});

test("a refund that ended canceled, as one that needed the customer and got nothing, is a failure", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase);
  const { accountId } = app;
  const word = { accountId, source: "stripe_webhook", correlationId: "cor_test", fresh: false } as const;
  const { stripeRefundId } = await driveRefund(harness, id);
  const made = await harness.dependencies.stripe.refunds.retrieve(
    stripeRefundId ?? "",
    {},
    { stripeAccount: accountId },
  );
  const other = { ...made, id: "re_canceled", amount: 1_000, metadata: {}, status: "canceled" };
  const { refundId } = await settleRefund(harness.dependencies, { ...word, stripeRefund: other });
  expect(await alertsOf(app)).toEqual([{ kind: "failed", id: refundId, hadSucceeded: false }]);
});

test("our call made one refund and the row holds another: a person is told, at the row", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  const onCreate = { method: "POST", path: "/v1/refunds" } as const;
  await harness.sandbox.admin.addFault({ fault: "drop_after", ...onCreate });
  await execute(harness, id);
  const copy = await harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId, amount: 4_000, metadata: { redress_refund_id: id } },
    { stripeAccount: app.accountId },
  );
  const word = { accountId: app.accountId, source: "stripe_webhook", fresh: false } as const;
  await settleRefund(harness.dependencies, { ...word, stripeRefund: copy, correlationId: "cor_test" });
  expect(await alertsOf(app)).toEqual([]);
  const [ours] = (await harness.stripeRefunds(purchase)).filter(({ id: found }) => found !== copy.id);
  const [row] = await harness.dependencies.database.select().from(refunds).where(eq(refunds.id, id));
  await settleRefund(harness.dependencies, {
    ...word,
    stripeRefund: ours,
    correlationId: "cor_test",
    createdUnder: row?.idempotencyKey ?? "",
  });
  expect(await alertsOf(app)).toEqual([{ kind: "misattributed", id, hadSucceeded: false }]);
});

test("a difference that only a person can judge counts, while the newest comparison still finds it", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app });
  await refundInDashboard(harness, purchase, 1_000);
  const { database } = harness.dependencies;
  const reconcile = async () => {
    const [row] = (await comparedApps(harness.dependencies)).filter(({ slug }) => slug === app.slug);
    if (!row) throw new Error("no app");
    await harness.advance(1_000);
    const since = harness.clock.now();
    await driveRun(
      harness,
      (await startAskedRun(harness.dependencies, { askedBy: asker, app: row, since })).runId,
    );
  };
  await reconcile();
  const [row] = await database.select().from(refunds).where(eq(refunds.purchaseId, purchase.id));
  if (!row) throw new Error("not taken in");
  const old = new Date(row.requestedAt.getTime() - 90 * day);
  const gone = { ...row, id: "rfd_gone", stripeRefundId: "re_gone", requestedAt: old };
  await database.insert(refunds).values(gone);
  await reconcile();
  const count = () => countUndecidedDrifts(harness.dependencies, { appIds: [app.id] });
  expect(await count()).toBe(1);
  await database.update(refunds).set({ settledAt: old }).where(eq(refunds.id, "rfd_gone"));
  await reconcile();
  expect(await count()).toBe(0);
});

test("apps that one may not see have none", async () => {
  expect(await listOpenAlerts(harness.dependencies, { appIds: [] })).toEqual([]);
  expect(await countOpen({ appIds: [] })).toBe(0);
});
