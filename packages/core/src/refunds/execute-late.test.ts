import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Requester } from "../actor.ts";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { describeOutcome } from "../tools/describe-outcome.ts";
import { beginAttempt } from "./begin-attempt.ts";
import { createAtStripe } from "./create-at-stripe.ts";
import { dueRefunds } from "./due-refunds.ts";
import { getRefund } from "./get-refund.ts";
import { refundsOfPurchase } from "./list-refunds.ts";
import { resolveUnattributed } from "./resolve-unattributed.ts";
import { settleRefund } from "./settle-refund.ts";
import { withdrawRefund } from "./withdraw-refund.ts";

// A key protects for a day. What comes later must find the refund itself.
const hour = 60 * 60 * 1000;
let harness: Harness;
let app: TestApp;

beforeAll(async () => {
  harness = await startHarness({ stripeTimeoutMs: 1_000 });
  app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

/** A refund whose only call went wrong; after it, time passes and Stripe has forgotten the key. */
async function lateRefund(
  purchase: TestPurchase,
  options: { fault: "drop_after" | "drop_before"; amount: number; hours: number; requester?: Requester },
): Promise<string> {
  const { amount, requester } = options;
  const { id } = await askRefund(harness, purchase, { amount, ...(requester ? { requester } : {}) });
  await harness.sandbox.admin.addFault({ fault: options.fault, method: "POST", path: "/v1/refunds" });
  expect(await execute(harness, id)).toBe("again");
  await harness.advance(options.hours * hour);
  return id;
}

/** How the merchant refunds in the own Dashboard: on the account's own key, without our metadata. */
async function refundInDashboard(purchase: TestPurchase, amount: number): Promise<string> {
  const { accounts } = await harness.sandbox.admin.listAccounts();
  const secretKey = accounts.find(({ id }) => id === purchase.accountId)?.secretKey;
  const response = await fetch(`${harness.sandbox.origin}/v1/refunds`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
    body: new URLSearchParams({ charge: purchase.chargeId, amount: String(amount) }),
  });
  const refund = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(refund));
  return refund.id;
}

test("25 hours later a refund that Stripe had made is adopted, not made again", async () => {
  const purchase = await harness.purchase({ app });
  const id = await lateRefund(purchase, { fault: "drop_after", amount: 4_000, hours: 25 });
  const refund = await driveRefund(harness, id);
  expect(await harness.stripeRefunds(purchase)).toMatchObject([{ id: refund.stripeRefundId, amount: 4_000 }]);
  expect(refund).toMatchObject({ status: "succeeded", outcomeUnknown: false });
  expect(refund.attempts.map(({ kind, outcome }) => [kind, outcome])).toEqual([
    ["create", "unknown"],
    ["look_up", "accepted"],
  ]);
});

test("25 hours later a refund that never reached Stripe is made after an empty look-up", async () => {
  const purchase = await harness.purchase({ app });
  const id = await lateRefund(purchase, { fault: "drop_before", amount: 4_000, hours: 25 });
  const refund = await driveRefund(harness, id);
  expect(refund.attempts.map(({ kind, errorCode }) => [kind, errorCode])).toEqual([
    ["create", "connection"],
    ["look_up", "nothing_found"],
    ["create", null],
  ]);
  expect(await harness.stripeRefunds(purchase)).toMatchObject([{ id: refund.stripeRefundId }]);
});

test("a process that slept between its intention and its call sends nothing: Stripe has forgotten the key", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  const asleep = await beginAttempt(harness.dependencies, { refundId: id, correlationId: "cor_asleep" });
  if (typeof asleep === "string") throw new Error(asleep);
  // Its lease runs out, another worker makes the refund, and a day later the machine wakes up.
  await harness.advance(61_000);
  const refund = await driveRefund(harness, id);
  await harness.advance(25 * hour);
  await createAtStripe(harness.dependencies, asleep.refund);
  expect(await harness.stripeRefunds(purchase)).toMatchObject([{ id: refund.stripeRefundId }]);
});

test("an answer from Stripe's memory is of yesterday: the app is not told of a success that has failed since", async () => {
  const purchase = await harness.purchase({ app, paymentMethod: "pm_card_refundFail" });
  const id = await lateRefund(purchase, { fault: "drop_after", amount: 4_000, hours: 1 });
  const refund = await driveRefund(harness, id);
  expect(refund.attempts.at(-1)).toMatchObject({ kind: "create", replayed: true });
  expect(await harness.stripeRefunds(purchase)).toMatchObject([{ status: "failed" }]);
  expect(refund).toMatchObject({ status: "failed", notifications: [] });
});

test("what a replayed answer is worth now is asked until Stripe says", async () => {
  const purchase = await harness.purchase({ app, paymentMethod: "pm_card_refundFail" });
  const id = await lateRefund(purchase, { fault: "drop_after", amount: 4_000, hours: 1 });
  await harness.sandbox.admin.addFault({ fault: "drop_before", method: "GET", path: "/v1/refunds" });
  expect(await execute(harness, id)).toBe("again");
  expect(await getRefund(harness.dependencies, { refundId: id })).toMatchObject({ outcomeUnknown: true });
  expect(await driveRefund(harness, id)).toMatchObject({ status: "failed", notifications: [] });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("a look-up that fails sends nothing", async () => {
  const purchase = await harness.purchase({ app });
  const id = await lateRefund(purchase, { fault: "drop_after", amount: 4_000, hours: 25 });
  await harness.sandbox.admin.addFault({ fault: "drop_before", method: "GET", times: 2 });
  expect(await execute(harness, id)).toBe("again");
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("a stored 500 is looked up for a day, then the same key is sent again", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  await harness.sandbox.admin.addFault({ fault: "error_500_stored", method: "POST", path: "/v1/refunds" });
  const refund = await driveRefund(harness, id);
  const creates = refund.attempts.filter(({ kind }) => kind === "create");
  expect(creates.map(({ outcome, replayed }) => [outcome, replayed])).toEqual([
    ["unknown", false],
    ["unknown", true],
    ["accepted", false],
  ]);
  const [first, , last] = creates;
  const waited = (last?.startedAt.getTime() ?? 0) - (first?.startedAt.getTime() ?? 0);
  expect(waited).toBeGreaterThan(24 * hour);
  expect(await harness.stripeRefunds(purchase)).toMatchObject([{ id: refund.stripeRefundId }]);
});

test("an equal refund that cannot be attributed stops retries until a person has looked", async () => {
  const purchase = await harness.purchase({ app });
  const id = await lateRefund(purchase, { fault: "drop_before", amount: 4_000, hours: 25 });
  const foreign = await refundInDashboard(purchase, 4_000);
  expect(await execute(harness, id)).toBe("stopped");
  await harness.advance(48 * hour);
  expect(await dueRefunds(harness.dependencies)).not.toContain(id);
  expect(await execute(harness, id)).toBe("stopped");
  const stopped = await getRefund(harness.dependencies, { refundId: id });
  expect(stopped).toMatchObject({ status: "executing", outcomeUnknown: true, nextAttemptAt: null });
  expect(describeOutcome(stopped, harness.clock.now())).toContain("A person has to look first");
  expect(await harness.stripeRefunds(purchase)).toMatchObject([{ id: foreign }]);
});

test.each([
  { isOurs: true, status: "superseded", atStripe: 1 },
  { isOurs: false, status: "succeeded", atStripe: 2 },
])("a person who has looked ends the wait: ours $isOurs", async ({ isOurs, status, atStripe }) => {
  const purchase = await harness.purchase({ app });
  const id = await lateRefund(purchase, { fault: "drop_before", amount: 4_000, hours: 25 });
  const stripeRefundId = await refundInDashboard(purchase, 4_000);
  await execute(harness, id);
  const { history } = await getRefund(harness.dependencies, { refundId: id });
  expect(history.at(-1)).toMatchObject({ action: "refund_outcome_unknown", details: { stripeRefundId } });
  const resolution = { refundId: id, stripeRefundId, isOurs, correlationId: "cor_test" };
  const viewer = (await harness.operator("viewer")).id;
  const denied = resolveUnattributed(harness.dependencies, { ...resolution, operatorId: viewer });
  await expect(denied).rejects.toMatchObject({ code: "permission_denied" });
  const operatorId = (await harness.operator("approver")).id;
  await resolveUnattributed(harness.dependencies, { ...resolution, operatorId });
  expect(await driveRefund(harness, id)).toMatchObject({ status });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(atStripe);
  const again = resolveUnattributed(harness.dependencies, { ...resolution, operatorId });
  await expect(again).rejects.toMatchObject({ code: "already_decided" });
});

test("who asked for a refund does not say alone that it is to be sent once more", async () => {
  const purchase = await harness.purchase({ app });
  const operatorId = (await harness.operator("approver")).id;
  const requester = { kind: "operator", id: operatorId } as const;
  const id = await lateRefund(purchase, { fault: "drop_before", amount: 4_000, hours: 25, requester });
  const stripeRefundId = await refundInDashboard(purchase, 4_000);
  await execute(harness, id);
  const resolution = { refundId: id, stripeRefundId, operatorId, correlationId: "cor_test" };
  const alone = resolveUnattributed(harness.dependencies, { ...resolution, isOurs: false });
  await expect(alone).rejects.toMatchObject({ code: "own_request" });
  expect(await execute(harness, id)).toBe("stopped");
  await resolveUnattributed(harness.dependencies, { ...resolution, isOurs: true });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("what policy let out stays counted when another row turns out to be the fact", async () => {
  const limited = await harness.app({ approvalRules: [{ amount: 5_000, currency: "eur" }] });
  const purchase = await harness.purchase({ app: limited });
  const id = await lateRefund(purchase, { fault: "drop_before", amount: 4_000, hours: 25 });
  const stripeRefundId = await refundInDashboard(purchase, 4_000);
  await execute(harness, id);
  const operatorId = (await harness.operator("approver")).id;
  const resolution = { refundId: id, stripeRefundId, operatorId, correlationId: "cor_test" };
  await resolveUnattributed(harness.dependencies, { ...resolution, isOurs: true });
  expect(await askRefund(harness, purchase, { amount: 4_000 })).toMatchObject({
    status: "awaiting_approval",
  });
});

test("what is unknown cannot be withdrawn and stays reserved", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 9_000 });
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  await execute(harness, id);
  await expect(
    withdrawRefund(harness.dependencies, {
      refundId: id,
      actor: { kind: "operator", id: "opr_1" },
      correlationId: "cor_test",
    }),
  ).rejects.toMatchObject({ code: "outcome_unknown" });
  await expect(askRefund(harness, purchase, { amount: 2_000 })).rejects.toMatchObject({
    code: "amount_exceeds_remaining",
    details: { left: 1_000 },
  });
});

test("all refunded in the Dashboard meanwhile: the foreign refund is taken in, ours is refused", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase);
  const foreign = await refundInDashboard(purchase, purchase.amount);
  expect(await execute(harness, id)).toBe("stopped");
  expect(await refundsOfPurchase(harness.dependencies, purchase.id)).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ id, status: "refused", refusedCode: "already_refunded" }),
      expect.objectContaining({ stripeRefundId: foreign, origin: "stripe", status: "succeeded" }),
    ]),
  );
});

test("partly refunded in the Dashboard meanwhile: ours is refused for the amount, with Stripe's reason", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 8_000 });
  await refundInDashboard(purchase, 5_000);
  expect(await execute(harness, id)).toBe("stopped");
  const refund = await getRefund(harness.dependencies, { refundId: id });
  expect(refund).toMatchObject({ status: "refused", refusedCode: "amount_exceeds_remaining" });
  expect(refund.refusedMessage).toContain("greater than unrefunded amount");
  // What is left is now known: the foreign refund counts.
  expect(await askRefund(harness, purchase)).toMatchObject({ amount: 5_000 });
});

test("a foreign refund known before the call ends ours without asking Stripe", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 8_000 });
  await refundInDashboard(purchase, 5_000);
  const [foreign] = await harness.stripeRefunds(purchase);
  const settled = await settleRefund(harness.dependencies, {
    stripeRefund: foreign,
    accountId: purchase.accountId,
    source: "stripe_webhook",
    correlationId: "evt_1",
    fresh: false,
  });
  expect(settled).toMatchObject({ changed: true });
  expect(await execute(harness, id)).toBe("stopped");
  expect(await getRefund(harness.dependencies, { refundId: id })).toMatchObject({
    status: "refused",
    refusedCode: "amount_exceeds_remaining",
    attempts: [],
  });
});

test("where all was refunded elsewhere and that is known, ours ends as already refunded, unasked", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 8_000 });
  await refundInDashboard(purchase, purchase.amount);
  const [stripeRefund] = await harness.stripeRefunds(purchase);
  const { accountId } = purchase;
  const word = { source: "stripe_webhook", correlationId: "evt_1", fresh: false } as const;
  await settleRefund(harness.dependencies, { stripeRefund, accountId, ...word });
  expect(await execute(harness, id)).toBe("stopped");
  const { status, refusedCode, attempts } = await getRefund(harness.dependencies, { refundId: id });
  expect([status, refusedCode, attempts]).toEqual(["refused", "already_refunded", []]);
});

test("what other requests hold is not refunded: no answer claims that it is", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 5_000 });
  const other = await askRefund(harness, purchase, { amount: 5_000 });
  await refundInDashboard(purchase, 5_000);
  const [stripeRefund] = await harness.stripeRefunds(purchase);
  const { accountId } = purchase;
  const word = { source: "stripe_webhook", correlationId: "evt_1", fresh: false } as const;
  await settleRefund(harness.dependencies, { stripeRefund, accountId, ...word });
  expect(await execute(harness, id)).toBe("stopped");
  expect(await getRefund(harness.dependencies, { refundId: id })).toMatchObject({
    status: "refused",
    refusedCode: "amount_exceeds_remaining",
  });
  expect(await driveRefund(harness, other.id)).toMatchObject({ status: "succeeded" });
});

test("charge_already_refunded of our own refund adopts it", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase);
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  await execute(harness, id);
  // Stripe may forget a key any time after a day; here it does so while our clock still trusts it.
  await harness.sandbox.admin.moveClock({ advanceMs: 30 * hour });
  const refund = await driveRefund(harness, id);
  expect(refund).toMatchObject({ status: "succeeded", outcomeUnknown: false });
  expect(refund.attempts.at(-1)).toMatchObject({ outcome: "already_refunded" });
  expect(await harness.stripeRefunds(purchase)).toMatchObject([{ id: refund.stripeRefundId }]);
});
