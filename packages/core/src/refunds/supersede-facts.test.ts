import { auditLogs, refunds } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { hashPersonal } from "../audit/hash-personal.ts";
import { askRefund, driveRefund, execute, testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { beginAttempt } from "./begin-attempt.ts";
import { getRefund } from "./get-refund.ts";
import { lockPurchase } from "./refund-row.ts";
import { requestRefund } from "./request-refund.ts";
import { settleRefund } from "./settle-refund.ts";
import { supersedeRefund } from "./supersede-refund.ts";

// What a replacement takes over, what the log says of it, and what stands in its way.
const correlationId = "cor_supersede";
const onCreate = { method: "POST", path: "/v1/refunds" } as const;
let harness: Harness;
let app: TestApp;
let operatorId: string;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({ approvalRules: [{ amount: 1_000_000, currency: "eur" }] });
  operatorId = (await harness.operator("approver")).id;
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

const detail = (refundId: string) => getRefund(harness.dependencies, { refundId });
const supersede = (refundId: string, note?: string) =>
  supersedeRefund(harness.dependencies, { refundId, operatorId, note, correlationId });

async function row(refundId: string) {
  const { database } = harness.dependencies;
  const [found] = await database.select().from(refunds).where(eq(refunds.id, refundId));
  if (!found) throw new Error("no row");
  return found;
}

/** Stripe has repeated its stored error, and a look-up has found nothing. */
async function stuck(purchase: TestPurchase, amount = 4_000): Promise<string> {
  const { id } = await requestRefund(harness.dependencies, {
    requester: testRequester,
    purchaseId: purchase.id,
    amount: { amount, currency: "eur" },
    reason: "duplicate",
    note: "the second of two",
    correlationId: "cor_first",
  });
  await harness.sandbox.admin.addFault({ fault: "error_500_stored", ...onCreate });
  for (let step = 0; step < 3; step += 1) {
    expect(await execute(harness, id)).toBe("again");
    const { nextAttemptAt } = await row(id);
    await harness.advance(Math.max(1, (nextAttemptAt?.getTime() ?? 0) - harness.clock.now().getTime()));
  }
  return id;
}

async function refundElsewhere(purchase: TestPurchase, amount: number) {
  return harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId, amount },
    { stripeAccount: purchase.accountId },
  );
}

test("the replacement is of the same request; both rows and the log name each other", async () => {
  const purchase = await harness.purchase({ app });
  const old = await stuck(purchase);
  const { id, approval } = await supersede(old, "Stripe repeats itself");
  const before = await row(old);
  const { amount, currency, reason, note, requestedByKind, requestedById, requestedByOwner } = before;
  const now = harness.clock.now();
  expect(await row(id)).toMatchObject({
    ...{ amount, currency, reason, note, requestedByKind, requestedById, requestedByOwner },
    appId: app.id,
    purchaseId: purchase.id,
    stripeAccountId: purchase.accountId,
    stripeChargeId: purchase.chargeId,
    origin: "redress",
    status: "approved",
    requestedAt: now,
    requestKey: null,
  });
  expect(before).toMatchObject({ status: "superseded", nextAttemptAt: null, leaseUntil: null });
  expect(approval).toMatchObject({
    decidedBy: { kind: "operator", id: operatorId },
    selfApproved: false,
    note: "Stripe repeats itself",
  });
  const { database } = harness.dependencies;
  const salt = (await database.transaction((transaction) => lockPurchase(transaction, purchase.id)))
    .personalSalt;
  const entries = await database
    .select()
    .from(auditLogs)
    .where(and(eq(auditLogs.correlationId, correlationId), eq(auditLogs.purchaseId, purchase.id)))
    .orderBy(auditLogs.id);
  const by = { actorKind: "operator", actorId: operatorId, appId: app.id };
  expect(entries).toMatchObject([
    {
      ...by,
      action: "refund_superseded",
      refundId: old,
      before: { status: "executing" },
      after: { status: "superseded" },
    },
    { ...by, action: "refund_requested", refundId: id, before: null, after: { status: "requested" } },
    { ...by, action: "refund_approved", refundId: id, after: { status: "approved" } },
  ]);
  expect(entries.map(({ details }) => details)).toEqual([
    { supersededBy: id },
    {
      amount: 4_000,
      currency: "eur",
      reason: "duplicate",
      supersedes: old,
      requestedFor: testRequester.id,
    },
    { approvalId: approval?.id, noteHash: hashPersonal(salt, "Stripe repeats itself") },
  ]);
});

test("its reservation is handed over, not freed: nothing else fits in between", async () => {
  const purchase = await harness.purchase({ app, amount: 4_000 });
  const old = await stuck(purchase);
  await expect(askRefund(harness, purchase, { amount: 1 })).rejects.toMatchObject({
    code: "amount_exceeds_remaining",
  });
  const { id } = await supersede(old);
  await expect(askRefund(harness, purchase, { amount: 1 })).rejects.toMatchObject({
    code: "amount_exceeds_remaining",
  });
  expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded", amount: 4_000 });
});

test("where others were refunded meanwhile, it is refused for what is left, and nothing is changed", async () => {
  const purchase = await harness.purchase({ app });
  const old = await stuck(purchase, 8_000);
  const stripeRefund = await refundElsewhere(purchase, 3_000);
  const { accountId } = purchase;
  const word = { source: "stripe_webhook", correlationId: "evt_1", fresh: false } as const;
  await settleRefund(harness.dependencies, { stripeRefund, accountId, ...word });
  await expect(supersede(old)).rejects.toMatchObject({ code: "amount_exceeds_remaining" });
  expect(await row(old)).toMatchObject({ status: "executing", outcomeUnknown: true });
});

test("exactly what is left is enough", async () => {
  const purchase = await harness.purchase({ app });
  const old = await stuck(purchase, 7_000);
  await refundElsewhere(purchase, 3_000);
  const { id } = await supersede(old);
  expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
});

test("an equal refund that may be ours has to be looked at first", async () => {
  const purchase = await harness.purchase({ app });
  const old = await stuck(purchase);
  const { id: stripeRefundId } = await refundElsewhere(purchase, 4_000);
  await expect(supersede(old)).rejects.toMatchObject({
    code: "not_supersedable",
    message: expect.stringContaining(stripeRefundId),
    details: { stripeRefundId },
  });
  expect(await row(old)).toMatchObject({ status: "executing" });
});

test("while a worker asks, it is not replaced; once its lease is over, it is", async () => {
  const purchase = await harness.purchase({ app });
  const old = await stuck(purchase);
  const { database, clock } = harness.dependencies;
  const lease = new Date(clock.now().getTime() + 60_000);
  await database.update(refunds).set({ leaseUntil: lease }).where(eq(refunds.id, old));
  await expect(supersede(old)).rejects.toMatchObject({
    code: "not_supersedable",
    details: { status: "executing" },
  });
  await harness.advance(60_000);
  expect(await supersede(old)).toMatchObject({ status: "approved" });
});

test("a refund that Stripe turns out to have is settled with reconciliation's name", async () => {
  const purchase = await harness.purchase({ app });
  const old = await stuck(purchase);
  await harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId, amount: 4_000, metadata: { redress_refund_id: old } },
    { stripeAccount: purchase.accountId },
  );
  await expect(supersede(old)).rejects.toMatchObject({ code: "already_decided" });
  const { history } = await detail(old);
  expect(history.findLast(({ action }) => action === "refund_confirmed")).toMatchObject({
    details: { source: "reconciliation", status: "succeeded" },
  });
});

test("what rests is not replaced", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 1_000 });
  await expect(supersede(id)).rejects.toMatchObject({
    code: "not_supersedable",
    details: { status: "approved" },
  });
  await beginAttempt(harness.dependencies, { refundId: id, correlationId: "cor_first" });
  await expect(supersede(id)).rejects.toMatchObject({ code: "not_supersedable" });
});
