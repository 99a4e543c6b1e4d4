import { refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { getRefund } from "./get-refund.ts";
import { refundsOfPurchase } from "./list-refunds.ts";
import { lookUpRefund } from "./look-up-refund.ts";
import { resolveUnattributed } from "./resolve-unattributed.ts";
import { settleRefund } from "./settle-refund.ts";

// Before a late call: ours is found, whatever else is on the charge; what may be ours stops everything.
const minute = 60_000;
const hour = 60 * minute;
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

const correlationId = "cor_test";
const stripeAccount = () => ({ stripeAccount: app.accountId });

async function row(refundId: string) {
  const { database } = harness.dependencies;
  const [found] = await database.select().from(refunds).where(eq(refunds.id, refundId));
  if (!found) throw new Error("no row");
  return found;
}

const lookUp = async (refundId: string) =>
  lookUpRefund(harness.dependencies, await row(refundId), correlationId);

/** A call that never reached Stripe, or whose answer was lost. */
async function called(fault: "drop_before" | "drop_after", purchase?: TestPurchase) {
  const of = purchase ?? (await harness.purchase({ app }));
  const { id } = await askRefund(harness, of, { amount: 2_000 });
  await harness.sandbox.admin.addFault({ fault, method: "POST", path: "/v1/refunds" });
  expect(await execute(harness, id)).toBe("again");
  return { purchase: of, id };
}

/** A refund at Stripe that is not ours to make. */
async function elsewhere({ chargeId: charge }: TestPurchase, amount: number, metadata = {}) {
  return harness.dependencies.stripe.refunds.create({ charge, amount, metadata }, stripeAccount());
}

test("the oldest of those that carry our metadata is ours, whatever the merchant copied it to", async () => {
  const { purchase, id } = await called("drop_after");
  const [ours] = await harness.stripeRefunds(purchase);
  await harness.advance(25 * hour);
  const copied = await elsewhere(purchase, 2_000, { redress_refund_id: id });
  const other = await elsewhere(purchase, 300);
  expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded", stripeRefundId: ours?.id });
  const { accountId } = purchase;
  const word = { source: "stripe_webhook", correlationId, fresh: false } as const;
  await settleRefund(harness.dependencies, { stripeRefund: copied, accountId, ...word });
  const rows = await refundsOfPurchase(harness.dependencies, purchase.id);
  expect(rows.map(({ origin, stripeRefundId }) => [origin, stripeRefundId])).toEqual(
    expect.arrayContaining([
      ["redress", ours?.id],
      ["stripe", copied.id],
      ["stripe", other.id],
    ]),
  );
  expect(rows).toHaveLength(3);
});

test("our metadata on another amount is not ours", async () => {
  const { purchase, id } = await called("drop_before");
  await elsewhere(purchase, 1_999, { redress_refund_id: id });
  expect(await lookUp(id)).toEqual({ kind: "none" });
});

test("an equal refund that is another one of ours is no riddle", async () => {
  const { purchase, id } = await called("drop_before");
  const other = await askRefund(harness, purchase, { amount: 2_000 });
  await driveRefund(harness, other.id);
  expect(await lookUp(id)).toEqual({ kind: "none" });
});

test("a look-up that cannot be made says why", async () => {
  const { id } = await called("drop_before");
  await harness.sandbox.admin.addFault({ fault: "drop_before", method: "GET", path: "/v1/refunds" });
  expect(await lookUp(id)).toMatchObject({
    kind: "failed",
    outcome: { kind: "unknown", reason: "connection" },
  });
});

test("a late look-up that fails is kept with its attempt, and tried again", async () => {
  const { id } = await called("drop_before");
  await harness.advance(25 * hour);
  await harness.sandbox.admin.addFault({ fault: "drop_before", method: "GET", path: "/v1/refunds" });
  expect(await execute(harness, id)).toBe("again");
  const { attempts, nextAttemptAt, outcomeUnknown } = await getRefund(harness.dependencies, { refundId: id });
  expect(attempts.at(-1)).toMatchObject({ kind: "look_up", outcome: "unknown", errorCode: "connection" });
  expect(outcomeUnknown).toBe(true);
  expect(nextAttemptAt?.getTime()).toBeGreaterThan(harness.clock.now().getTime());
});

describe("an equal refund of somebody else's", () => {
  test.each([
    ["from before the first call is none of ours", 5 * minute + 1_000, "none"],
    ["from about then may be: clocks differ", 5 * minute, "unclear"],
  ])("%s", async (_name, earlierMs, kind) => {
    const purchase = await harness.purchase({ app });
    const foreign = await elsewhere(purchase, 2_000);
    await harness.advance(earlierMs);
    const { id } = await called("drop_before", purchase);
    const found = await lookUp(id);
    expect(found.kind).toBe(kind);
    if (kind === "unclear") expect(found).toMatchObject({ stripeRefundId: foreign.id });
  });

  test("of another amount may not be ours", async () => {
    const { purchase, id } = await called("drop_before");
    await elsewhere(purchase, 1_999);
    expect(await lookUp(id)).toEqual({ kind: "none" });
  });

  test("stops the retries, wakes somebody, and says which one it is", async () => {
    const { purchase, id } = await called("drop_before");
    const foreign = await elsewhere(purchase, 2_000);
    await harness.advance(25 * hour);
    expect(await execute(harness, id)).toBe("stopped");
    expect(alerts).toMatchObject([
      {
        alert: "refund_unattributed",
        refundId: id,
        stripeAccountId: app.accountId,
        stripeRefundId: foreign.id,
      },
    ]);
    const stopped = await getRefund(harness.dependencies, { refundId: id });
    expect(stopped.attempts.at(-1)).toMatchObject({
      kind: "look_up",
      outcome: "unknown",
      httpStatus: 200,
      errorCode: "equal_refund_unattributed",
    });
    expect(stopped.history.at(-1)).toMatchObject({
      action: "refund_outcome_unknown",
      details: {
        reason: "equal_refund_unattributed",
        retriesStopped: true,
        stripeRefundId: foreign.id,
      },
    });
    expect(await row(id)).toMatchObject({ leaseUntil: null, nextAttemptAt: null, outcomeUnknown: true });
  });
});

describe("the person who has looked", () => {
  async function stopped() {
    const { purchase, id } = await called("drop_before");
    const { id: stripeRefundId } = await elsewhere(purchase, 2_000);
    await harness.advance(25 * hour);
    expect(await execute(harness, id)).toBe("stopped");
    const operatorId = (await harness.operator("approver")).id;
    return { purchase, id, stripeRefundId, operatorId };
  }
  const resolve = (input: { id: string; stripeRefundId: string; operatorId: string; isOurs: boolean }) => {
    const { id: refundId, ...resolution } = input;
    return resolveUnattributed(harness.dependencies, { refundId, ...resolution, correlationId });
  };

  test("says that it is not ours: it is set aside, and the same key is sent, once, at once", async () => {
    const { purchase, id, stripeRefundId, operatorId } = await stopped();
    const before = await getRefund(harness.dependencies, { refundId: id });
    const resumed = await resolve({ id, stripeRefundId, operatorId, isOurs: false });
    expect(resumed.history.at(-1)).toMatchObject({
      actor: { kind: "operator", id: operatorId },
      action: "refund_resumed",
      before: null,
      after: null,
      details: { notOurs: stripeRefundId },
    });
    expect(await row(id)).toMatchObject({
      dismissedStripeRefunds: [stripeRefundId],
      nextAttemptAt: harness.clock.now(),
    });
    const refund = await driveRefund(harness, id);
    expect(refund).toMatchObject({ status: "succeeded", idempotencyKey: before.idempotencyKey });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(2);
  });

  test("says that it is ours: the other row is the fact, and this one rests", async () => {
    const { purchase, id, stripeRefundId, operatorId } = await stopped();
    const { history } = await resolve({ id, stripeRefundId, operatorId, isOurs: true });
    const [fact] = (await refundsOfPurchase(harness.dependencies, purchase.id)).filter(
      ({ origin }) => origin === "stripe",
    );
    expect(history.at(-1)).toMatchObject({
      actor: { kind: "operator", id: operatorId },
      action: "refund_superseded",
      details: { settledAs: fact?.id, stripeRefundId },
    });
    expect(await row(id)).toMatchObject({ status: "superseded", outcomeUnknown: false, leaseUntil: null });
  });

  test("names a refund that it cannot be: of another amount, of ours, or of another purchase", async () => {
    const { purchase, id, stripeRefundId, operatorId } = await stopped();
    const smaller = await elsewhere(purchase, 100);
    const own = await driveRefund(harness, (await askRefund(harness, purchase, { amount: 2_000 })).id);
    const far = await stopped();
    await lookUp(id);
    for (const named of [smaller.id, own.stripeRefundId ?? "", far.stripeRefundId, "re_invented"]) {
      await expect(resolve({ id, stripeRefundId: named, operatorId, isOurs: true })).rejects.toMatchObject({
        code: "refund_not_found",
      });
    }
    expect(await resolve({ id, stripeRefundId, operatorId, isOurs: true })).toMatchObject({
      status: "superseded",
    });
  });

  test("comes too early: what is still tried by itself waits for nobody", async () => {
    const { purchase, id } = await called("drop_before");
    const { id: stripeRefundId } = await elsewhere(purchase, 2_000);
    const operatorId = (await harness.operator("approver")).id;
    await expect(resolve({ id, stripeRefundId, operatorId, isOurs: true })).rejects.toMatchObject({
      code: "already_decided",
      details: { status: "executing" },
    });
  });
});
