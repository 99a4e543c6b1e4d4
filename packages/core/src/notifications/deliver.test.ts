import { auditLogs, deliveries, notifications, purchases } from "@redress/database";
import { and, asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { systemActor } from "../actor.ts";
import { updateApp } from "../apps/update-app.ts";
import { createOutbound } from "../outbound/outbound.ts";
import { settleRefund } from "../refunds/settle-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { type Receiver, startReceiver, verifyMessage } from "../testing/receiver.ts";
import { sweep } from "../workflows/sweep.ts";
import { deliverNotification } from "./deliver.ts";
import { resendNotification } from "./resend.ts";

// A1 and invariant 4: an app is told of each outcome, signed, with the same id each time, for days; what it
// answered is kept, and what was overtaken is not sent.
let harness: Harness;
let desk: EventDesk;
let receiver: Receiver;
let app: TestApp;
const actor = systemActor("test");
const hour = 3_600_000;

beforeAll(async () => {
  receiver = await startReceiver();
  harness = await startHarness({ outbound: createOutbound({ allowPrivateAddresses: true }) });
  desk = createEventDesk(harness);
  app = await harness.app({ notificationUrl: receiver.url });
});
afterAll(async () => {
  vi.useRealTimers();
  await receiver.close();
  await harness.close();
});
beforeEach(() => {
  receiver.messages.length = 0;
  receiver.answer({ status: 200 });
});

/** A refund in the merchant's own Dashboard that the desk has just heard of. */
async function refund(purchase: TestPurchase, amount?: number): Promise<string> {
  const { stripe } = desk.dependencies;
  const options = { stripeAccount: purchase.accountId };
  const stripeRefund = await stripe.refunds.create(
    { charge: purchase.chargeId, ...(amount && { amount }) },
    options,
  );
  const { accountId } = purchase;
  const word = {
    stripeRefund,
    accountId,
    source: "stripe_webhook",
    correlationId: "cor_1",
    fresh: true,
  } as const;
  const { refundId } = await settleRefund(desk.dependencies, word);
  if (refundId === null) throw new Error("the purchase is unknown");
  return refundId;
}

async function notificationOf(refundId: string) {
  const { database } = desk.dependencies;
  const [row] = await database.select().from(notifications).where(eq(notifications.refundId, refundId));
  if (!row) throw new Error(`no notification of ${refundId}`);
  return row;
}

async function accessOf({ id }: TestPurchase) {
  const [row] = await desk.dependencies.database.select().from(purchases).where(eq(purchases.id, id));
  return row?.access;
}

/** Moves time to the next attempt and makes it. */
async function nextAttempt(refundId: string): Promise<void> {
  const { nextAttemptAt } = await notificationOf(refundId);
  if (nextAttemptAt === null) throw new Error("no attempt is due");
  await harness.advance(nextAttemptAt.getTime() - harness.clock.now().getTime());
  await desk.work();
}

test("each attempt carries the same id, a fresh timestamp and a good signature, until a 2xx", async () => {
  const purchase = await harness.purchase({ app });
  receiver.answer(
    { status: 500, body: "not now" },
    { status: 302, headers: { location: "/x" } },
    { status: 204 },
  );
  const refundId = await refund(purchase);
  await desk.work();
  await nextAttempt(refundId);
  await nextAttempt(refundId);
  const notification = await notificationOf(refundId);
  expect(notification).toMatchObject({ status: "received", attemptCount: 3, nextAttemptAt: null });
  expect(receiver.messages.map(({ id }) => id)).toEqual([notification.id, notification.id, notification.id]);
  expect(new Set(receiver.messages.map(({ timestamp }) => timestamp)).size).toBe(3);
  for (const message of receiver.messages) {
    vi.setSystemTime(message.timestamp * 1000);
    expect(verifyMessage(app.notificationSecret, message)).toMatchObject({
      type: "refund.succeeded",
      data: {
        sequence: 1,
        access: "revoke",
        app: app.slug,
        purchase: { id: purchase.id, amount_refunded: 10_000 },
      },
    });
    const forged = { ...message, body: message.body.replace("revoke", "restore") };
    expect(() => verifyMessage(app.notificationSecret, forged)).toThrow();
    vi.useRealTimers();
  }
  const { database } = desk.dependencies;
  const kept = await database
    .select()
    .from(deliveries)
    .where(eq(deliveries.notificationId, notification.id))
    .orderBy(asc(deliveries.number));
  expect(kept).toMatchObject([
    { number: 1, httpStatus: 500, responseBody: "not now" },
    { number: 2, httpStatus: 302 },
    { number: 3, httpStatus: 204 },
  ]);
  expect(await accessOf(purchase)).toBe("revoke_told");
});

test("an app that answers done is shown as done, one that declines with its reason, each in the log", async () => {
  for (const [status, access] of [
    ["done", "revoked"],
    ["declined", "revoke_told"],
  ] as const) {
    const purchase = await harness.purchase({ app });
    receiver.answer({ status: 200, body: JSON.stringify({ status, reason: "because" }) });
    const refundId = await refund(purchase);
    await desk.work();
    const notification = await notificationOf(refundId);
    expect(notification).toMatchObject({ status, answer: "because", nextAttemptAt: null });
    expect(await accessOf(purchase)).toBe(access);
    const said = await desk.dependencies.database
      .select()
      .from(auditLogs)
      .where(and(eq(auditLogs.action, "notification_done"), eq(auditLogs.refundId, refundId)));
    expect(said).toMatchObject([{ actorKind: "app", actorId: app.id, after: { status } }]);
  }
});

test("a message that a newer one has overtaken is not sent", async () => {
  const purchase = await harness.purchase({ app });
  receiver.answer({ status: 503 }, { status: 200 });
  const first = await refund(purchase, 4_000);
  await desk.work();
  const second = await refund(purchase, 6_000);
  await desk.work();
  await nextAttempt(first);
  expect(await notificationOf(first)).toMatchObject({
    status: "overtaken",
    sequence: 1,
    access: "keep",
    attemptCount: 1,
  });
  expect(await notificationOf(second)).toMatchObject({ status: "received", sequence: 2, access: "revoke" });
  const ids = receiver.messages.map(({ id }) => id);
  expect(ids).toEqual([(await notificationOf(first)).id, (await notificationOf(second)).id]);
  const resend = { notificationId: ids[0] ?? "", actor, correlationId: "cor_1" };
  await expect(resendNotification(desk.dependencies, resend)).rejects.toMatchObject({
    code: "notification_not_resendable",
  });
});

test("a success that fails later is told too, and gives access back", async () => {
  const purchase = await harness.purchase({ app });
  receiver.answer({ status: 200, body: '{"status":"done"}' });
  const refundId = await refund(purchase);
  await desk.work();
  const made = (await harness.stripeRefunds(purchase))[0]?.id ?? "";
  const { accountId } = purchase;
  const failed = await harness.sandbox.admin.advanceRefund(made, { account: accountId, status: "failed" });
  const word = {
    stripeRefund: failed,
    accountId,
    source: "stripe_webhook",
    correlationId: "cor_2",
    fresh: true,
  } as const;
  await settleRefund(desk.dependencies, word);
  await desk.work();
  const bodies = receiver.messages.map(({ body }) => JSON.parse(body));
  expect(bodies).toMatchObject([
    { type: "refund.succeeded", data: { sequence: 1, access: "revoke" } },
    {
      type: "refund.failed",
      data: { sequence: 2, access: "restore", refund: { id: refundId, status: "failed" } },
    },
  ]);
  expect(await accessOf(purchase)).toBe("granted");
});

test("an app that asks for patience gets it", async () => {
  const purchase = await harness.purchase({ app });
  receiver.answer({ status: 429, headers: { "retry-after": "7200" } }, { status: 200 });
  const refundId = await refund(purchase);
  await desk.work();
  const { nextAttemptAt } = await notificationOf(refundId);
  expect((nextAttemptAt?.getTime() ?? 0) - harness.clock.now().getTime()).toBe(2 * hour);
  await nextAttempt(refundId);
  expect(await notificationOf(refundId)).toMatchObject({ status: "received", attemptCount: 2 });
});

test("an app that never answers is tried for three days; then it is a dead letter, which can be sent again", async () => {
  const purchase = await harness.purchase({ app });
  receiver.answer({ status: 500 });
  const started = harness.clock.now().getTime();
  const refundId = await refund(purchase);
  await desk.work();
  while ((await notificationOf(refundId)).status === "pending") await nextAttempt(refundId);
  const dead = await notificationOf(refundId);
  expect(dead).toMatchObject({ status: "dead", attemptCount: 15, nextAttemptAt: null });
  const days = (harness.clock.now().getTime() - started) / (24 * hour);
  expect(days).toBeGreaterThan(2.5);
  expect(days).toBeLessThan(4);

  receiver.answer({ status: 200 });
  await resendNotification(desk.dependencies, { notificationId: dead.id, actor, correlationId: "cor_3" });
  await desk.work();
  expect(await notificationOf(refundId)).toMatchObject({ status: "received", attemptCount: 16 });
  expect(new Set(receiver.messages.map(({ id }) => id))).toEqual(new Set([dead.id]));
});

describe("nothing is lost and nothing doubled", () => {
  test("two workers at once make one attempt", async () => {
    const purchase = await harness.purchase({ app });
    const refundId = await refund(purchase);
    const { id: notificationId } = await notificationOf(refundId);
    const attempt = () => deliverNotification(desk.dependencies, { notificationId, correlationId: "cor_1" });
    await Promise.all([attempt(), attempt(), attempt()]);
    expect(receiver.messages).toHaveLength(1);
    await desk.work();
    expect(receiver.messages).toHaveLength(1);
  });

  test("a process that died between claim and answer: the sweep has it sent again", async () => {
    const purchase = await harness.purchase({ app });
    const refundId = await refund(purchase);
    const { id } = await notificationOf(refundId);
    // What such a process leaves behind.
    const leaseUntil = new Date(harness.clock.now().getTime() + 60_000);
    const left = { attemptCount: 1, leaseUntil, nextAttemptAt: leaseUntil };
    await desk.dependencies.database.update(notifications).set(left).where(eq(notifications.id, id));
    await desk.work();
    expect(receiver.messages.map((message) => message.id)).not.toContain(id);
    await harness.advance(100_000);
    await sweep(desk.dependencies);
    await desk.work();
    expect(receiver.messages.filter((message) => message.id === id)).toHaveLength(1);
    expect(await notificationOf(refundId)).toMatchObject({ status: "received", attemptCount: 2 });
  });

  test("an app without an address is told once it has one", async () => {
    const late = await harness.app({});
    const purchase = await harness.purchase({ app: late });
    const refundId = await refund(purchase);
    await desk.work();
    expect(await notificationOf(refundId)).toMatchObject({ status: "unaddressed", attemptCount: 0 });
    await updateApp(desk.dependencies, { slug: late.slug, actor, notificationUrl: receiver.url });
    await sweep(desk.dependencies);
    await desk.work();
    expect(await notificationOf(refundId)).toMatchObject({ status: "received", attemptCount: 1 });
  });
});
