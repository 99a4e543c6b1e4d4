import { auditLogs, purchases, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemActor } from "../actor.ts";
import { approveRefund } from "../approvals/approve-refund.ts";
import { updateApp } from "../apps/update-app.ts";
import { hashPersonal } from "../audit/hash-personal.ts";
import { askRefund, driveRefund, execute, testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { blockedSentences } from "./blockage.ts";
import { expireRefunds } from "./expire-refunds.ts";
import { getRefund } from "./get-refund.ts";
import { requestRefund } from "./request-refund.ts";
import { resumeBlocked } from "./resume-refunds.ts";
import { settleRefund } from "./settle-refund.ts";
import { withdrawRefund } from "./withdraw-refund.ts";

// Invariant 6: each change of state has exactly one entry that says who, what, why, before and after.
let harness: Harness;
let open: TestApp;
let ruled: TestApp;
let approver: string;

beforeAll(async () => {
  harness = await startHarness({ stripeTimeoutMs: 1_000 });
  open = await harness.app();
  ruled = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
  approver = (await harness.operator("approver")).id;
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

const correlationId = "cor_test";
/** The version that judged is the decider. */
const policy = "policy:pol";
const executor = "system:execute_refund";
const resumer = "system:resume_refunds";
const asker = `operator:${testRequester.id}`;
const hour = 60 * 60 * 1000;

/** Each entry: who, what, from which state to which, and the facts. */
async function trail(refundId: string) {
  const { history } = await getRefund(harness.dependencies, { refundId });
  return history.map(({ actor, action, before, after, details }) => {
    const moved = [before?.status ?? null, after?.status ?? null];
    const id = actor.kind === "policy" ? actor.id.replace(/_\w+$/, "") : actor.id;
    return [`${actor.kind}:${id}`, action, ...moved, details];
  });
}

const detail = (refundId: string) => getRefund(harness.dependencies, { refundId });

async function saltOf(purchase: TestPurchase): Promise<string> {
  const { database } = harness.dependencies;
  const [row] = await database.select().from(purchases).where(eq(purchases.id, purchase.id));
  return row?.personalSalt ?? "";
}

const asked = (amount: number) => ({ amount, currency: "eur", reason: "requested_by_customer" });

/** The entries of a request that the rule approved and that is under way. */
async function begun(refundId: string) {
  const { approval, amount, stripeAccountId, purchaseId } = await detail(refundId);
  const approvalId = approval?.id;
  const idempotencyKey = `refund:${purchaseId}:${approvalId}`;
  return [
    [asker, "refund_requested", null, "requested", asked(amount)],
    [policy, "refund_approved", "requested", "approved", { approvalId }],
    [executor, "refund_executing", "approved", "executing", { idempotencyKey, approvalId, stripeAccountId }],
  ];
}

test("within the rule: asked, approved by policy, sent, confirmed by Stripe's answer", async () => {
  const purchase = await harness.purchase({ app: ruled });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  const { stripeRefundId } = await driveRefund(harness, id);
  expect(await trail(id)).toEqual([
    ...(await begun(id)),
    [
      "stripe:stripe",
      "refund_confirmed",
      "executing",
      "succeeded",
      { stripeRefundId, source: "stripe_api", status: "succeeded" },
    ],
  ]);
});

test("every entry names app, purchase, refund and what it belongs together with", async () => {
  const purchase = await harness.purchase({ app: ruled });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  await driveRefund(harness, id);
  const entries = await harness.dependencies.database
    .select()
    .from(auditLogs)
    .where(eq(auditLogs.refundId, id));
  expect(entries).toHaveLength(4);
  for (const entry of entries) {
    expect(entry).toMatchObject({ appId: ruled.id, purchaseId: purchase.id, correlationId });
  }
});

test("a note is said by its salted hash, of the request and of its withdrawal", async () => {
  const purchase = await harness.purchase({ app: open });
  const requester = { kind: "operator", id: "opr_asker" } as const;
  const note = "came by phone";
  const request = { requester, purchaseId: purchase.id, note, correlationId };
  const { id, expiresAt } = await requestRefund(harness.dependencies, { ...request, reason: "duplicate" });
  await withdrawRefund(harness.dependencies, { refundId: id, actor: requester, note, correlationId });
  const noteHash = hashPersonal(await saltOf(purchase), note);
  expect(await trail(id)).toEqual([
    [
      "operator:opr_asker",
      "refund_requested",
      null,
      "requested",
      { ...asked(10_000), reason: "duplicate", noteHash },
    ],
    [policy, "approval_awaited", "requested", "awaiting_approval", { expiresAt: expiresAt?.toISOString() }],
    ["operator:opr_asker", "refund_withdrawn", "awaiting_approval", "withdrawn", { noteHash }],
  ]);
  expect(await detail(id)).toMatchObject({ expiresAt: null, nextAttemptAt: null });
});

test("nobody decided: it lapses by itself, once, the oldest first", async () => {
  const purchase = await harness.purchase({ app: open });
  const first = await askRefund(harness, purchase, { amount: 100 });
  await harness.advance(1_000);
  const second = await askRefund(harness, purchase, { amount: 100 });
  await harness.advance(14 * 24 * hour);
  const sweep = (limit: number) => expireRefunds(harness.dependencies, { limit, correlationId });
  expect(await sweep(1)).toBe(1);
  expect(await detail(second.id)).toMatchObject({ status: "awaiting_approval" });
  expect(await sweep(10)).toBe(1);
  expect(await sweep(10)).toBe(0);
  expect((await trail(first.id)).at(-1)).toEqual([
    "system:expire_refunds",
    "refund_expired",
    "awaiting_approval",
    "expired",
    {},
  ]);
});

test("a refund that Stripe refuses says why, and is at rest", async () => {
  const purchase = await harness.purchase({ app: ruled });
  const { id } = await askRefund(harness, purchase, { amount: 8_000 });
  await harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId, amount: 5_000 },
    { stripeAccount: purchase.accountId },
  );
  await execute(harness, id);
  const refusedCode = "amount_exceeds_remaining";
  expect(await trail(id)).toEqual([
    ...(await begun(id)),
    [executor, "refund_refused", "executing", "refused", { refusedCode }],
  ]);
  expect(await detail(id)).toMatchObject({
    outcomeUnknown: false,
    nextAttemptAt: null,
    settledAt: harness.clock.now(),
  });
});

test("what cannot be sent any more is refused before the call", async () => {
  const purchase = await harness.purchase({ app: ruled });
  const { id, approval } = await askRefund(harness, purchase, { amount: 8_000 });
  const foreign = await harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId, amount: 5_000 },
    { stripeAccount: purchase.accountId },
  );
  const word = { source: "stripe_webhook", correlationId, fresh: false } as const;
  const { accountId } = purchase;
  const taken = await settleRefund(harness.dependencies, { stripeRefund: foreign, accountId, ...word });
  await execute(harness, id);
  expect(await trail(id)).toEqual([
    [asker, "refund_requested", null, "requested", asked(8_000)],
    [policy, "refund_approved", "requested", "approved", { approvalId: approval?.id }],
    [executor, "refund_refused", "approved", "refused", { refusedCode: "amount_exceeds_remaining" }],
  ]);
  expect(await detail(id)).toMatchObject({ nextAttemptAt: null, settledAt: harness.clock.now() });
  const facts = { stripeRefundId: foreign.id, source: "stripe_webhook", status: "succeeded" };
  expect(await trail(taken.refundId ?? "")).toEqual([
    ["stripe:stripe", "refund_taken_in", null, "succeeded", { ...facts, amount: 5_000, currency: "eur" }],
    ["stripe:stripe", "refund_confirmed", null, null, facts],
  ]);
});

describe("an unknown outcome", () => {
  test("is said once, however often it is asked, and then what became of it", async () => {
    const purchase = await harness.purchase({ app: ruled });
    const { id } = await askRefund(harness, purchase, { amount: 4_000 });
    await harness.sandbox.admin.addFault({
      fault: "drop_before",
      method: "POST",
      path: "/v1/refunds",
      times: 2,
    });
    const { stripeRefundId, attempts } = await driveRefund(harness, id);
    expect(attempts).toHaveLength(3);
    expect(await trail(id)).toEqual([
      ...(await begun(id)),
      [executor, "refund_outcome_unknown", null, null, { reason: "connection", retriesStopped: false }],
      [
        "stripe:stripe",
        "refund_confirmed",
        "executing",
        "succeeded",
        { stripeRefundId, source: "stripe_api", status: "succeeded" },
      ],
    ]);
  });

  test("is not claimed where Stripe has said that it did nothing", async () => {
    const purchase = await harness.purchase({ app: ruled });
    const { id } = await askRefund(harness, purchase);
    await harness.sandbox.admin.addFault({ fault: "rate_limit", method: "POST", path: "/v1/refunds" });
    expect(await execute(harness, id)).toBe("again");
    expect(await detail(id)).toMatchObject({ outcomeUnknown: false });
    expect(await trail(id)).toEqual(await begun(id));
  });
});

test("an open dispute blocks, says so, and a won one goes on under a new approval of the rule", async () => {
  const purchase = await harness.purchase({ app: ruled });
  const { id } = await askRefund(harness, purchase, { amount: 2_000 });
  const { accountId: account, chargeId: charge } = purchase;
  const dispute = await harness.sandbox.admin.createDispute({ account, charge });
  await execute(harness, id);
  const before = await begun(id);
  const blockedCode = "dispute_open";
  const blocked = { blockedCode, explanation: blockedSentences.dispute_open };
  expect((await trail(id)).at(-1)).toEqual([executor, "refund_blocked", "executing", "blocked", blocked]);
  const { database } = harness.dependencies;
  const ofPurchase = () => database.select().from(auditLogs).where(eq(auditLogs.purchaseId, purchase.id));
  expect((await ofPurchase()).filter(({ action }) => action === "dispute_changed")).toMatchObject([
    {
      actorId: "execute_refund",
      before: { disputeStatus: null, refundsBlockedByDispute: false },
      after: { disputeStatus: "needs_response", refundsBlockedByDispute: true },
      appId: ruled.id,
      correlationId,
    },
  ]);
  await harness.sandbox.admin.closeDispute(dispute.id, { account, status: "won" });
  await harness.advance(hour);
  await execute(harness, id);
  const { approval } = await detail(id);
  expect((await trail(id)).slice(before.length + 1, before.length + 2)).toEqual([
    [policy, "refund_approved", "blocked", "approved", { approvalId: approval?.id }],
  ]);
  expect(await detail(id)).toMatchObject({ status: "succeeded", blockedCode: null });
});

test("blocked before its first call, it goes on under the same approval", async () => {
  const app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
  const purchase = await harness.purchase({ app });
  const { id, approval } = await askRefund(harness, purchase, { amount: 2_000 });
  await harness.connect(app, "acct_another");
  expect(await execute(harness, id)).toBe("stopped");
  const now = harness.clock.now().getTime();
  expect(await detail(id)).toMatchObject({ nextAttemptAt: new Date(now + hour), attempts: [] });
  await harness.connect(app, app.accountId);
  expect(await resumeBlocked(harness.dependencies, { appId: app.id, correlationId })).toBe(1);
  const blockedCode = "account_changed";
  const blocked = { blockedCode, explanation: blockedSentences.account_changed };
  expect(await trail(id)).toEqual([
    [asker, "refund_requested", null, "requested", asked(2_000)],
    [policy, "refund_approved", "requested", "approved", { approvalId: approval?.id }],
    [executor, "refund_blocked", "approved", "blocked", blocked],
    [resumer, "refund_resumed", "blocked", "approved", { blockedCode }],
  ]);
  expect(await detail(id)).toMatchObject({ approval, blockedCode: null, nextAttemptAt: harness.clock.now() });
});

test("what the rule no longer permits is asked of a person anew, for 14 days, and the old approval is named", async () => {
  const app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
  const purchase = await harness.purchase({ app });
  const { id, approval } = await askRefund(harness, purchase, { amount: 2_000 });
  const actor = systemActor("test");
  await updateApp(harness.dependencies, { actor, slug: app.slug, approvalRules: [] });
  await execute(harness, id);
  const revokedApprovalId = approval?.id;
  expect((await trail(id)).at(-1)).toEqual([
    executor,
    "approval_awaited",
    "approved",
    "awaiting_approval",
    {
      approvedBy: "policy",
      explanation: "The policy no longer permits it. No rule of the policy covers it, so a person decides.",
      revokedApprovalId,
    },
  ]);
  expect(await detail(id)).toMatchObject({
    nextAttemptAt: null,
    expiresAt: new Date(harness.clock.now().getTime() + 14 * 24 * hour),
  });
});

test("a resumption that the rule does not permit is asked of a person too, and says what had blocked it", async () => {
  const purchase = await harness.purchase({ app: open });
  const { id } = await askRefund(harness, purchase, { amount: 2_000 });
  await approveRefund(harness.dependencies, { refundId: id, operatorId: approver, correlationId });
  const { accountId: account, chargeId: charge } = purchase;
  const dispute = await harness.sandbox.admin.createDispute({ account, charge });
  await execute(harness, id);
  const { approval } = await detail(id);
  await harness.sandbox.admin.closeDispute(dispute.id, { account, status: "won" });
  await harness.advance(hour);
  expect(await execute(harness, id)).toBe("stopped");
  expect((await trail(id)).at(-1)).toEqual([
    resumer,
    "approval_awaited",
    "blocked",
    "awaiting_approval",
    { blockedCode: "dispute_open", revokedApprovalId: approval?.id },
  ]);
});

test("a lost dispute ends it, with its reason", async () => {
  const purchase = await harness.purchase({ app: ruled });
  const { id } = await askRefund(harness, purchase, { amount: 2_000 });
  const { accountId: account, chargeId: charge } = purchase;
  const dispute = await harness.sandbox.admin.createDispute({ account, charge });
  await execute(harness, id);
  await harness.sandbox.admin.closeDispute(dispute.id, { account, status: "lost" });
  await harness.advance(hour);
  expect(await execute(harness, id)).toBe("stopped");
  expect((await trail(id)).at(-1)).toEqual([
    resumer,
    "refund_refused",
    "blocked",
    "refused",
    { refusedCode: "dispute_lost" },
  ]);
  expect(await detail(id)).toMatchObject({ nextAttemptAt: null, settledAt: harness.clock.now() });
  const [row] = await harness.dependencies.database.select().from(refunds).where(eq(refunds.id, id));
  expect(row).toMatchObject({ leaseUntil: null, outcomeUnknown: false, blockedCode: null });
});
