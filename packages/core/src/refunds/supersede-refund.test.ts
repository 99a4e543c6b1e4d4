import { auditLogs, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { asker, driveRun } from "../reconciliation/books.fixture.ts";
import { comparedApps, startAskedRun } from "../reconciliation/start-asked-run.ts";
import { askRefund, driveRefund, execute, untilDue } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { dueRefunds } from "./due-refunds.ts";
import { getRefund } from "./get-refund.ts";
import { settleRefund } from "./settle-refund.ts";
import { supersedeRefund } from "./supersede-refund.ts";

// A stored 500 blocks its key for a day. A person may end the wait, and at most one of the two keys is ever
// sent from then on.
const hour = 60 * 60 * 1000;
const onCreate = { method: "POST", path: "/v1/refunds" } as const;
const alerts: object[] = [];
let harness: Harness;
let app: TestApp;
let operator: { id: string };

beforeAll(async () => {
  harness = await startHarness();
  harness.dependencies.logger.error = (facts) => void alerts.push(facts);
  app = await harness.app({ approvalRules: [{ amount: 1_000_000, currency: "eur" }] });
  operator = await harness.operator("approver");
});
afterEach(async () => {
  await harness.sandbox.admin.clearFaults();
  alerts.length = 0;
});
afterAll(() => harness.close());

const supersede = (refundId: string, operatorId = operator.id) =>
  supersedeRefund(harness.dependencies, { refundId, operatorId, correlationId: "cor_supersede" });

/** Steps until Stripe has repeated its stored error and a look-up found nothing. */
async function stuckRefund(
  purchase: TestPurchase,
  options: { fault?: "error_500_stored" | "error_500_after"; steps?: number; amount?: number } = {},
): Promise<string> {
  const { id } = await askRefund(harness, purchase, { amount: options.amount ?? 4_000 });
  await harness.sandbox.admin.addFault({ fault: options.fault ?? "error_500_stored", ...onCreate });
  for (let step = 0; step < (options.steps ?? 3); step += 1) {
    await execute(harness, id);
    await untilDue(harness, id);
  }
  return id;
}

test("the replacement takes over the reservation under a key of its own; the old key is never sent again", async () => {
  const purchase = await harness.purchase({ app, amount: 4_000 });
  const old = await stuckRefund(purchase);
  const replacement = await supersede(old);
  expect(replacement).toMatchObject({
    status: "approved",
    amount: 4_000,
    approval: { decidedBy: { id: operator.id } },
  });
  expect(await getRefund(harness.dependencies, { refundId: old })).toMatchObject({
    status: "superseded",
    nextAttemptAt: null,
  });

  const done = await driveRefund(harness, replacement.id);
  expect(done).toMatchObject({ status: "succeeded" });
  await harness.advance(48 * hour);
  expect(await execute(harness, old)).toBe("stopped");
  expect(await dueRefunds(harness.dependencies)).not.toContain(old);
  expect(await harness.stripeRefunds(purchase)).toMatchObject([{ id: done.stripeRefundId, amount: 4_000 }]);
  // A second click, also a late one, answers with the same replacement.
  expect((await supersede(old)).id).toBe(replacement.id);
  const rows = await harness.dependencies.database
    .select()
    .from(refunds)
    .where(eq(refunds.purchaseId, purchase.id));
  expect(new Set(rows.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
  const log = await harness.dependencies.database
    .select()
    .from(auditLogs)
    .where(eq(auditLogs.correlationId, "cor_supersede"));
  expect(log.filter(({ purchaseId }) => purchaseId === purchase.id).map(({ action }) => action)).toEqual([
    "refund_superseded",
    "refund_requested",
    "refund_approved",
  ]);
});

test("two people at once replace it once", async () => {
  const purchase = await harness.purchase({ app });
  const old = await stuckRefund(purchase);
  const other = await harness.operator("approver");
  // Both have looked, and found nothing, before either writes.
  const slow = { fault: "slow", method: "GET", path: "/v1/refunds", times: 2, delayMs: 500 } as const;
  await harness.sandbox.admin.addFault(slow);
  const both = await Promise.all([supersede(old), supersede(old, other.id)]);
  expect(both[0].id).toBe(both[1].id);
  await driveRefund(harness, both[0].id);
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test.each([1, 2])(
  "after %i calls nobody knows enough: it is refused, and nothing is changed",
  async (steps) => {
    const purchase = await harness.purchase({ app });
    const old = await stuckRefund(purchase, { steps });
    await expect(supersede(old)).rejects.toMatchObject({ code: "not_supersedable" });
    expect(await driveRefund(harness, old)).toMatchObject({ status: "succeeded" });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  },
);

test("a refund that Stripe has after all is settled and not replaced", async () => {
  const purchase = await harness.purchase({ app });
  const old = await stuckRefund(purchase);
  // It came to be late: with our metadata, past every look-up.
  const made = await harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId, amount: 4_000, metadata: { redress_refund_id: old } },
    { stripeAccount: app.accountId },
  );
  await expect(supersede(old)).rejects.toMatchObject({ code: "already_decided" });
  expect(await getRefund(harness.dependencies, { refundId: old })).toMatchObject({
    status: "succeeded",
    stripeRefundId: made.id,
  });
});

test("without Stripe's word, without the right, or by who asked for it: nothing is replaced", async () => {
  const purchase = await harness.purchase({ app });
  const old = await stuckRefund(purchase);
  const viewer = await harness.operator("viewer");
  await expect(supersede(old, viewer.id)).rejects.toMatchObject({ code: "permission_denied" });
  await harness.sandbox.admin.addFault({ fault: "drop_before", method: "GET", path: "/v1/refunds" });
  await expect(supersede(old)).rejects.toMatchObject({ code: "stripe_unavailable" });

  const asker = await harness.operator("approver");
  const plain = await harness.app();
  const own = await harness.purchase({ app: plain });
  const asked = await askRefund(harness, own, {
    amount: 1_000,
    requester: { kind: "operator", id: asker.id },
  });
  await approveRefund(harness.dependencies, {
    refundId: asked.id,
    operatorId: operator.id,
    correlationId: "cor_test",
  });
  await harness.sandbox.admin.addFault({ fault: "error_500_stored", ...onCreate });
  for (let step = 0; step < 3; step += 1) {
    await execute(harness, asked.id);
    await harness.advance(hour);
  }
  await expect(supersede(asked.id, asker.id)).rejects.toMatchObject({ code: "own_request" });
  expect(await getRefund(harness.dependencies, { refundId: asked.id })).toMatchObject({
    status: "executing",
  });
});

test("should the old one turn up before its replacement was sent, the replacement is never sent", async () => {
  const purchase = await harness.purchase({ app, amount: 10_000 });
  const old = await stuckRefund(purchase);
  const replacement = await supersede(old);
  const late = await harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId, amount: 4_000, metadata: { redress_refund_id: old } },
    { stripeAccount: app.accountId },
  );
  await settleRefund(harness.dependencies, {
    stripeRefund: late,
    accountId: app.accountId,
    source: "stripe_webhook",
    correlationId: "cor_late",
    fresh: false,
  });
  expect(await execute(harness, replacement.id)).toBe("stopped");
  expect(await getRefund(harness.dependencies, { refundId: replacement.id })).toMatchObject({
    status: "refused",
    refusedCode: "replaced_refund_found",
  });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("should the old one turn up at Stripe later, its row says so, and somebody is woken", async () => {
  const purchase = await harness.purchase({ app, amount: 10_000 });
  const old = await stuckRefund(purchase);
  const replacement = await supersede(old);
  await driveRefund(harness, replacement.id);
  await harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId, amount: 4_000, metadata: { redress_refund_id: old } },
    { stripeAccount: app.accountId },
  );
  const [row] = (await comparedApps(harness.dependencies)).filter(({ id }) => id === app.id);
  if (!row) throw new Error("no app");
  const { runId } = await startAskedRun(harness.dependencies, {
    askedBy: asker,
    app: row,
    since: new Date(harness.clock.now().getTime() - hour),
  });
  await driveRun(harness, runId);
  expect(await getRefund(harness.dependencies, { refundId: old })).toMatchObject({
    status: "succeeded",
    outcomeUnknown: false,
  });
  expect(alerts).toMatchObject([{ alert: "superseded_refund_found", refundId: old }]);
});
