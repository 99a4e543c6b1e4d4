import { refundAttempts, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { listOpenAlerts } from "../list-open-alerts.ts";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { beginAttempt } from "./begin-attempt.ts";
import {
  amount,
  app,
  chainOf,
  correlationId,
  detail,
  harness,
  hour,
  live,
  onCreate,
  openDesk,
  rowOf,
  stick,
  supersede,
  surface,
  untilDue,
} from "./replaced-refund.fixture.ts";
import { settleRefund } from "./settle-refund.ts";

// When a replacement is given up, what stops it at the last moment, and what the database refuses by itself.
beforeAll(openDesk);
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

/** A refund and its replacement, whose first call met this fault. */
async function replacementMet(fault: "rate_limit" | "drop_before" | "drop_after") {
  const purchase = await harness.purchase({ app, amount: 20_000 });
  const [old = "", last = ""] = await chainOf(purchase, 1);
  await harness.sandbox.admin.addFault({ fault, ...onCreate });
  await execute(harness, last);
  return { purchase, old, last };
}

test("one that Stripe put off did nothing, so it is refused at once", async () => {
  const { purchase, old, last } = await replacementMet("rate_limit");
  await surface(purchase, old);
  await untilDue(last);
  expect(await execute(harness, last)).toBe("stopped");
  const { status, refusedCode, history } = await detail(last);
  expect([status, refusedCode]).toEqual(["refused", "replaced_refund_found"]);
  expect(history.at(-1)).toMatchObject({
    action: "refund_refused",
    details: { refusedCode, stripeRefundId: (await detail(old)).stripeRefundId },
  });
});

test("it is not given up while a call of its own may yet have an effect", async () => {
  const { purchase, old, last } = await replacementMet("drop_before");
  await surface(purchase, old);
  await untilDue(last);
  await harness.advance(22 * hour);
  expect(await execute(harness, last)).toBe("again");
  expect(await detail(last)).toMatchObject({ status: "executing", outcomeUnknown: true });
  // A look-up that found nothing so early proves nothing, and the next one has its time.
  const { leaseUntil, nextAttemptAt } = await rowOf(last);
  expect(leaseUntil).toBeNull();
  expect(nextAttemptAt?.getTime()).toBeGreaterThan(harness.clock.now().getTime());
  await untilDue(last);
  expect(await execute(harness, last)).toBe("again");
  expect(await detail(last)).toMatchObject({ status: "executing", outcomeUnknown: true });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("what both paid is told by both rows, and a person is called", async () => {
  const { purchase, old, last } = await replacementMet("drop_after");
  await surface(purchase, old);
  await untilDue(last);
  expect(await driveRefund(harness, last)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(2);
  const alerts = await listOpenAlerts(harness.dependencies, { appIds: [app.id] });
  expect(alerts.find(({ kind }) => kind === "paid_twice_perhaps")?.refund.id).toBe(old);
});

test("news that comes between its look-up and its call stops the call", async () => {
  const { purchase, old, last } = await replacementMet("drop_before");
  await harness.advance(25 * hour);
  const lookUp = await beginAttempt(harness.dependencies, { refundId: last, correlationId });
  if (typeof lookUp === "string") throw new Error("it does not look up");
  expect(lookUp).toMatchObject({ kind: "look_up", maySend: true });
  await surface(purchase, old);
  const heldLease = lookUp.refund.leaseUntil;
  expect(await beginAttempt(harness.dependencies, { refundId: last, correlationId, heldLease })).toBe(
    "again",
  );
  await live(last);
  expect(await detail(last)).toMatchObject({ refusedCode: "replaced_refund_found" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("what replaces a refund that Stripe has is not replaced again", async () => {
  const purchase = await harness.purchase({ app, amount: 20_000 });
  const [old = "", last = ""] = await chainOf(purchase, 1);
  await stick(last);
  await surface(purchase, old);
  const { stripeRefundId } = await detail(old);
  await expect(supersede(last)).rejects.toMatchObject({
    code: "already_decided",
    details: { stripeRefundId },
  });
  expect(await detail(last)).toMatchObject({ status: "executing" });
});

test("one that stands in another row, since its metadata was removed, counts once its key is known", async () => {
  const purchase = await harness.purchase({ app, amount: 20_000 });
  const [old = "", last = ""] = await chainOf(purchase, 1);
  const createdUnder = (await rowOf(old)).idempotencyKey ?? "";
  const stripeRefund = await harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId, amount },
    { stripeAccount: app.accountId },
  );
  const news = { stripeRefund, accountId: app.accountId, correlationId, fresh: false } as const;
  // The list comes first and cannot tell; the event that follows names the key.
  const listed = await settleRefund(harness.dependencies, { ...news, source: "reconciliation" });
  expect(listed.refundId).not.toBe(old);
  for (const _repeated of [1, 2]) {
    await settleRefund(harness.dependencies, { ...news, source: "stripe_webhook", createdUnder });
  }
  await live(last);
  expect(await detail(last)).toMatchObject({ status: "refused", refusedCode: "replaced_refund_found" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

describe("the database", () => {
  test("takes no attempt of a replacement whose original Stripe has", async () => {
    const purchase = await harness.purchase({ app, amount: 20_000 });
    const [old = "", last = ""] = await chainOf(purchase, 1);
    await surface(purchase, old);
    const attempt = { id: "att_forced", refundId: last, number: 1, startedAt: harness.clock.now() };
    const insert = harness.dependencies.database
      .insert(refundAttempts)
      .values({ ...attempt, kind: "create", idempotencyKey: "refund:forced" });
    await expect(insert).rejects.toMatchObject({ cause: { constraint: "refund_attempts_not_replaced" } });
  });

  test("keeps one replacement of a refund, of the same money, for ever", async () => {
    const { database } = harness.dependencies;
    const purchase = await harness.purchase({ app, amount: 20_000 });
    const [old = "", last = ""] = await chainOf(purchase, 1);
    const other = await askRefund(harness, purchase, { amount: 1_000 });
    await expect(
      database.update(refunds).set({ replacesRefundId: null }).where(eq(refunds.id, last)),
    ).rejects.toMatchObject({ cause: { code: "23001" } });
    const copy = {
      ...(await rowOf(last)),
      id: "rfd_copy",
      idempotencyKey: null,
      approvalId: null,
      status: "requested",
    } as const;
    await expect(database.insert(refunds).values(copy)).rejects.toMatchObject({
      cause: { constraint: "refunds_one_replacement" },
    });
    const otherMoney = { ...copy, amount: 999, replacesRefundId: other.id };
    await expect(database.insert(refunds).values(otherMoney)).rejects.toMatchObject({
      cause: { constraint: "refunds_replaces" },
    });
    expect(await detail(old)).toMatchObject({ status: "superseded" });
  });
});
