import { apps, notifications, purchases, refunds, stripeEvents } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { executeRefund } from "../refunds/execute-refund.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { testRequester } from "../testing/drive-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";

// A thin event does what the snapshot of the same change would, by asking Stripe for its object.
let harness: Harness;
let desk: EventDesk;
let app: TestApp;
beforeAll(async () => {
  harness = await startHarness();
  desk = createEventDesk(harness);
  app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
});
afterAll(() => harness.close());

let count = 0;
async function deliver(given: {
  type: string;
  object?: string;
  id?: string;
  context?: string;
  key?: string;
}): Promise<string> {
  count += 1;
  const id = `evt_thin_${count}`;
  const reason = { type: "request", request: { id: "req_1", idempotency_key: given.key ?? "" } };
  await desk.deliver({
    id,
    object: "v2.core.event",
    type: given.type,
    context: given.context ?? app.accountId,
    created: harness.clock.now().toISOString(),
    livemode: false,
    related_object: given.object
      ? { id: given.id, type: given.object, url: `/v1/${given.object}s/${given.id}` }
      : null,
    ...(given.key !== undefined && { reason }),
  });
  await desk.work();
  return id;
}

async function refundsOf(purchaseId: string) {
  const { database } = desk.dependencies;
  const rows = await database.select().from(refunds).where(eq(refunds.purchaseId, purchaseId));
  return rows.map(({ status, origin, amount }) => ({ status, origin, amount }));
}

test("v1.charge.refunded brings in what the merchant refunded, once", async () => {
  const purchase = await harness.purchase({ app });
  const options = { stripeAccount: app.accountId };
  await desk.dependencies.stripe.refunds.create({ charge: purchase.chargeId }, options);
  const event = { type: "v1.charge.refunded", object: "charge", id: purchase.chargeId };
  for (const id of [await deliver(event), await deliver(event)]) {
    expect(await desk.inbox(id)).toMatchObject({ status: "handled", shape: "thin", labels: [] });
  }
  expect(await refundsOf(purchase.id)).toEqual([{ status: "succeeded", origin: "stripe", amount: 10_000 }]);
});

test("v1.refund.created settles ours, whose answer was lost, by the key of its reason", async () => {
  const purchase = await harness.purchase({ app });
  const { id: refundId } = await requestRefund(desk.dependencies, {
    requester: testRequester,
    purchaseId: purchase.id,
    correlationId: "cor_1",
  });
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  await executeRefund(desk.dependencies, { refundId, correlationId: "cor_1" });
  const [made] = await harness.stripeRefunds(purchase);
  const { database } = desk.dependencies;
  const [row] = await database.select().from(refunds).where(eq(refunds.id, refundId));
  const event = { type: "v1.refund.created", object: "refund", id: made?.id ?? "" };
  await deliver({ ...event, key: row?.idempotencyKey ?? "" });
  expect(await refundsOf(purchase.id)).toEqual([{ status: "succeeded", origin: "redress", amount: 10_000 }]);
  const told = await database.select().from(notifications).where(eq(notifications.refundId, refundId));
  expect(told.map(({ type }) => type)).toEqual(["refund.succeeded"]);
});

test("one that another key made is the merchant's, whatever it carries", async () => {
  const purchase = await harness.purchase({ app });
  const { stripe } = desk.dependencies;
  const made = await stripe.refunds.create({ charge: purchase.chargeId }, { stripeAccount: app.accountId });
  await deliver({ type: "v1.refund.created", object: "refund", id: made.id, key: "the merchant's" });
  expect(await refundsOf(purchase.id)).toEqual([{ status: "succeeded", origin: "stripe", amount: 10_000 }]);
});

test("a dispute blocks refunds of its purchase", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await harness.sandbox.admin.createDispute({
    account: app.accountId,
    charge: purchase.chargeId,
  });
  const eventId = await deliver({ type: "v1.charge.dispute.created", object: "dispute", id });
  expect(await desk.inbox(eventId)).toMatchObject({ status: "handled" });
  const { database } = desk.dependencies;
  const [row] = await database.select().from(purchases).where(eq(purchases.id, purchase.id));
  expect(row).toMatchObject({ refundsBlockedByDispute: true });
});

test("the end of a connection, about no object, clears it; the account is not asked", async () => {
  const own = await harness.app();
  await harness.advance(10 * 60_000);
  const id = await deliver({ type: "v1.account.application.deauthorized", context: own.accountId });
  expect(await desk.inbox(id)).toMatchObject({ status: "handled", shape: "thin", labels: [] });
  const { database } = desk.dependencies;
  const [row] = await database.select().from(apps).where(eq(apps.id, own.id));
  expect(row).toMatchObject({ stripeAccountId: null, connectedAt: null });
});

test("v1.account.updated checks the connection, and clears one that is lost", async () => {
  const own = await harness.app();
  const event = {
    type: "v1.account.updated",
    object: "account",
    id: own.accountId,
    context: own.accountId,
  };
  expect(await desk.inbox(await deliver(event))).toMatchObject({ status: "handled", labels: [] });
  await harness.sandbox.admin.revokeAccount(own.accountId);
  expect(await desk.inbox(await deliver(event))).toMatchObject({
    status: "handled",
    labels: ["access_lost"],
  });
  const { database } = desk.dependencies;
  const [row] = await database.select().from(apps).where(eq(apps.id, own.id));
  expect(row).toMatchObject({ stripeAccountId: null });
});

test.each([
  ["object_missing", "ch_of_nobody", () => `${app.accountId}`],
  ["account_unreachable", "ch_1", () => "acct_of_nobody"],
])("what Stripe does not give is ignored: %s", async (label, id, context) => {
  const event = { type: "v1.charge.succeeded", object: "charge", id, context: context() };
  const { status, labels } = (await desk.inbox(await deliver(event))) ?? {};
  expect(status).toBe("ignored");
  expect(labels).toContain(label);
});

test("a silent Stripe fails it, to be repeated; then it is handled", async () => {
  const purchase = await harness.purchase({ app });
  const fault = {
    fault: "error_500_not_stored",
    method: "GET",
    path: `/v1/charges/${purchase.chargeId}`,
  } as const;
  await harness.sandbox.admin.addFault(fault);
  const id = await deliver({ type: "v1.charge.updated", object: "charge", id: purchase.chargeId });
  expect(await desk.inbox(id)).toMatchObject({ status: "failed", attemptCount: 1 });
  await harness.advance(30_000);
  await desk.work();
  const { database } = desk.dependencies;
  const [row] = await database.select().from(stripeEvents).where(eq(stripeEvents.id, id));
  expect(row).toMatchObject({ status: "handled", lastError: null });
});
