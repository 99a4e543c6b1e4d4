import { refundAttempts, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { listOpenAlerts } from "../list-open-alerts.ts";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { beginAttempt } from "./begin-attempt.ts";
import { getRefund } from "./get-refund.ts";
import { settleRefund } from "./settle-refund.ts";
import { supersedeRefund } from "./supersede-refund.ts";

// A 500 says nothing: Stripe may make the refund hours later, when another one has taken its place. From the
// moment the desk knows, nothing that stands in for it is sent, however long the chain and whatever was tried.
const hour = 60 * 60 * 1000;
const onCreate = { method: "POST", path: "/v1/refunds" } as const;
const amount = 4_000;
const correlationId = "cor_replaced";
let harness: Harness;
let app: TestApp;
let operator: { id: string };

beforeAll(async () => {
  harness = await startHarness({ stripeTimeoutMs: 1_000 });
  harness.dependencies.logger.error = () => {};
  app = await harness.app({ approvalRules: [{ amount: 1_000_000, currency: "eur" }] });
  operator = await harness.operator("approver");
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

const detail = (refundId: string) => getRefund(harness.dependencies, { refundId });
const supersede = (refundId: string) =>
  supersedeRefund(harness.dependencies, { refundId, operatorId: operator.id, correlationId });

async function rowOf(refundId: string) {
  const [row] = await harness.dependencies.database.select().from(refunds).where(eq(refunds.id, refundId));
  if (!row) throw new Error("no row");
  return row;
}

async function untilDue(refundId: string): Promise<void> {
  const { nextAttemptAt } = await detail(refundId);
  await harness.advance(Math.max(1, (nextAttemptAt?.getTime() ?? 0) - harness.clock.now().getTime()));
}

/** Until Stripe has repeated its stored error and a look-up has found nothing. */
async function stick(refundId: string): Promise<void> {
  await harness.sandbox.admin.addFault({ fault: "error_500_stored", ...onCreate });
  for (let step = 0; step < 3; step += 1) {
    await execute(harness, refundId);
    await untilDue(refundId);
  }
  await harness.sandbox.admin.clearFaults();
}

/** Refunds of which each replaces the one before; the last one is approved and has not called. */
async function chainOf(purchase: TestPurchase, replacements: number): Promise<string[]> {
  const chain = [(await askRefund(harness, purchase, { amount })).id];
  for (let count = 0; count < replacements; count += 1) {
    const last = chain.at(-1) ?? "";
    await stick(last);
    chain.push((await supersede(last)).id);
  }
  return chain;
}

/** Stripe makes the refund after all, and its webhook tells. */
async function surface({ chargeId: charge }: TestPurchase, refundId: string): Promise<void> {
  const stripeRefund = await harness.dependencies.stripe.refunds.create(
    { charge, amount, metadata: { redress_refund_id: refundId } },
    { stripeAccount: app.accountId },
  );
  const news = { stripeRefund, accountId: app.accountId, source: "stripe_webhook", fresh: false } as const;
  await settleRefund(harness.dependencies, { ...news, correlationId });
}

/** Steps it for two days, more often than it is due. */
async function live(refundId: string): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    if ((await execute(harness, refundId)) !== "again") break;
    await untilDue(refundId);
    if (step > 20) await harness.advance(2 * hour);
  }
}

const beginnings = {
  "has not called": async () => {},
  "was put off by a 429": async (id: string) => {
    await harness.sandbox.admin.addFault({ fault: "rate_limit", ...onCreate });
    expect(await execute(harness, id)).toBe("again");
  },
  "made a call that was lost": async (id: string) => {
    await harness.sandbox.admin.addFault({ fault: "drop_before", ...onCreate });
    expect(await execute(harness, id)).toBe("again");
  },
  "died with its intention": async (id: string) => {
    expect(await beginAttempt(harness.dependencies, { refundId: id, correlationId })).toMatchObject({
      kind: "create",
    });
  },
  "is stuck itself": stick,
};

describe.each(Object.entries(beginnings))("a replacement that %s is not sent", (_name, begin) => {
  test.each([
    [1, 0],
    [2, 0],
    [2, 1],
    [3, 0],
  ])("once Stripe has, of %i before it, number %i", async (replacements, culprit) => {
    const purchase = await harness.purchase({ app, amount: 20_000 });
    const chain = await chainOf(purchase, replacements);
    const last = chain.at(-1) ?? "";
    await begin(last);
    await harness.sandbox.admin.clearFaults();
    await surface(purchase, chain[culprit] ?? "");
    await live(last);
    expect(await detail(last)).toMatchObject({ status: "refused", refusedCode: "replaced_refund_found" });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
    expect(await detail(chain[culprit] ?? "")).toMatchObject({ status: "succeeded" });
  });
});

test("it is not given up while a call of its own may yet have an effect", async () => {
  const purchase = await harness.purchase({ app, amount: 20_000 });
  const [old = "", last = ""] = await chainOf(purchase, 1);
  await harness.sandbox.admin.addFault({ fault: "drop_before", ...onCreate });
  await execute(harness, last);
  await surface(purchase, old);
  await untilDue(last);
  await harness.advance(22 * hour);
  expect(await execute(harness, last)).toBe("again");
  expect(await detail(last)).toMatchObject({ status: "executing", outcomeUnknown: true });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("what both paid is told by both rows, and a person is called", async () => {
  const purchase = await harness.purchase({ app, amount: 20_000 });
  const [old = "", last = ""] = await chainOf(purchase, 1);
  await harness.sandbox.admin.addFault({ fault: "drop_after", ...onCreate });
  await execute(harness, last);
  await surface(purchase, old);
  await untilDue(last);
  expect(await driveRefund(harness, last)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(2);
  const alerts = await listOpenAlerts(harness.dependencies, { appIds: [app.id] });
  expect(alerts.find(({ kind }) => kind === "paid_twice_perhaps")?.refund.id).toBe(old);
});

test("news that comes between its look-up and its call stops the call", async () => {
  const purchase = await harness.purchase({ app, amount: 20_000 });
  const [old = "", last = ""] = await chainOf(purchase, 1);
  await harness.sandbox.admin.addFault({ fault: "drop_before", ...onCreate });
  await execute(harness, last);
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
  await expect(supersede(last)).rejects.toMatchObject({ code: "already_decided" });
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
