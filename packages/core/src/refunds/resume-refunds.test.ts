import { approvals, apps, purchases } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { updateApp } from "../apps/update-app.ts";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { dueRefunds } from "./due-refunds.ts";
import { getRefund } from "./get-refund.ts";
import { resumeBlocked } from "./resume-refunds.ts";
import { withdrawRefund } from "./withdraw-refund.ts";

// What cannot run now is blocked, says why, and goes on by itself; nothing is sent twice for it.
let harness: Harness;
/** One that stays connected, so that a lost account is not taken for a wrong platform key. */
let witness: TestApp;

beforeAll(async () => {
  harness = await startHarness({ stripeTimeoutMs: 1_000 });
  witness = await harness.app();
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

const correlationId = "cor_test";
const rules = [{ amount: 100_000, currency: "eur" }];
const detail = (refundId: string) => getRefund(harness.dependencies, { refundId });

async function appRow(app: TestApp) {
  const [row] = await harness.dependencies.database.select().from(apps).where(eq(apps.id, app.id));
  return row;
}

async function setDispute(purchase: TestPurchase, disputeStatus: string, blocked: boolean): Promise<void> {
  await harness.dependencies.database
    .update(purchases)
    .set({ disputeStatus, refundsBlockedByDispute: blocked })
    .where(eq(purchases.id, purchase.id));
}

/** The merchant disconnects the platform in Stripe, and no webhook tells us. */
async function revokedRefund(): Promise<{ app: TestApp; purchase: TestPurchase; id: string }> {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 2_000 });
  await harness.sandbox.admin.revokeAccount(app.accountId);
  return { app, purchase, id };
}

async function reconnect(app: TestApp): Promise<void> {
  await harness.sandbox.admin.setRedirectUris({ uris: [] });
  await connectAtStripe(app.accountId);
  await harness.connect(app, app.accountId);
}

/** The consent page, as the merchant's browser goes through it. */
async function connectAtStripe(accountId: string): Promise<void> {
  const { origin, platform } = harness.sandbox;
  const response = await fetch(`${origin}/oauth/authorize/decision`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({
      response_type: "code",
      client_id: platform.clientId,
      scope: "read_write",
      redirect_uri: "http://127.0.0.1:9/callback",
      state: "s",
      account: accountId,
      decision: "connect",
    }),
  });
  const code = new URL(response.headers.get("location") ?? "").searchParams.get("code") ?? "";
  await harness.dependencies.stripe.oauth.token({ grant_type: "authorization_code", code });
}

describe("an account that is out of reach", () => {
  test("blocks the refund and disconnects the app, once confirmed", async () => {
    const { app, purchase, id } = await revokedRefund();
    expect(await execute(harness, id)).toBe("stopped");
    expect(await detail(id)).toMatchObject({ status: "blocked", blockedCode: "account_disconnected" });
    expect(await appRow(app)).toMatchObject({ stripeAccountId: null, disconnectedReason: "access_lost" });
    expect(await harness.stripeRefunds(purchase)).toEqual([]);
    expect(await appRow(witness)).toMatchObject({ stripeAccountId: witness.accountId });
  });

  test("goes on under the same key when it is connected again: Stripe kept nothing under it", async () => {
    const { app, purchase, id } = await revokedRefund();
    await execute(harness, id);
    const { idempotencyKey } = await detail(id);
    await reconnect(app);
    expect(await resumeBlocked(harness.dependencies, { appId: app.id, correlationId })).toBe(1);
    const refund = await driveRefund(harness, id);
    expect(refund).toMatchObject({ status: "succeeded", idempotencyKey });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  });

  test("is found again by the sweep when the news of the connection is lost", async () => {
    const { app, id } = await revokedRefund();
    await execute(harness, id);
    await reconnect(app);
    await harness.advance(60 * 60 * 1000);
    expect(await dueRefunds(harness.dependencies)).toContain(id);
    expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
  });

  test("stays blocked when the app is connected to another account: charges do not move", async () => {
    const { app, id } = await revokedRefund();
    await execute(harness, id);
    const other = await harness.sandbox.admin.createAccount({ connected: true });
    await harness.connect(app, other.id);
    expect(await resumeBlocked(harness.dependencies, { appId: app.id, correlationId })).toBe(0);
    expect(await detail(id)).toMatchObject({ status: "blocked", blockedCode: "account_changed" });
  });

  test("leaves what is unknown unknown: it may have been refunded before access was lost", async () => {
    const app = await harness.app({ approvalRules: rules });
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund(harness, purchase);
    await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
    await execute(harness, id);
    await harness.sandbox.admin.revokeAccount(app.accountId);
    await harness.advance(10_000);
    expect(await execute(harness, id)).toBe("again");
    expect(await detail(id)).toMatchObject({ status: "executing", outcomeUnknown: true });
    expect(await appRow(app)).toMatchObject({ stripeAccountId: null });
    await reconnect(app);
    await resumeBlocked(harness.dependencies, { appId: app.id, correlationId });
    expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded", outcomeUnknown: false });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  });

  test("is found by the late look-up too: the desk does not go on showing a connection that is gone", async () => {
    const app = await harness.app({ approvalRules: rules });
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund(harness, purchase);
    await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
    await execute(harness, id);
    await harness.sandbox.admin.revokeAccount(app.accountId);
    await harness.advance(25 * 60 * 60 * 1000);
    expect(await execute(harness, id)).toBe("again");
    expect(await detail(id)).toMatchObject({ status: "executing", outcomeUnknown: true });
    expect(await appRow(app)).toMatchObject({ stripeAccountId: null, disconnectedReason: "access_lost" });
    await reconnect(app);
    await resumeBlocked(harness.dependencies, { appId: app.id, correlationId });
    expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded", outcomeUnknown: false });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  });

  test("can be withdrawn while it is blocked, and is never sent then", async () => {
    const { app, purchase, id } = await revokedRefund();
    await execute(harness, id);
    const actor = { kind: "operator", id: "opr_1" } as const;
    await withdrawRefund(harness.dependencies, { refundId: id, actor, correlationId });
    await reconnect(app);
    await resumeBlocked(harness.dependencies, { appId: app.id, correlationId });
    expect(await driveRefund(harness, id)).toMatchObject({ status: "withdrawn" });
    expect(await harness.stripeRefunds(purchase)).toEqual([]);
  });
});

describe("a dispute", () => {
  async function disputedRefund(approvalRules: typeof rules) {
    const app = await harness.app({ approvalRules });
    const purchase = await harness.purchase({ app });
    const asked = await askRefund(harness, purchase, { amount: 2_000 });
    const approver = await harness.operator("approver");
    if (asked.status === "awaiting_approval") {
      const operatorId = approver.id;
      await approveRefund(harness.dependencies, { refundId: asked.id, operatorId, correlationId });
    }
    const { accountId: account, chargeId: charge } = purchase;
    const dispute = await harness.sandbox.admin.createDispute({ account, charge });
    return { app, purchase, id: asked.id, dispute, approver };
  }

  test("found by the call blocks the refund and marks the purchase", async () => {
    const { purchase, id } = await disputedRefund(rules);
    expect(await execute(harness, id)).toBe("stopped");
    expect(await detail(id)).toMatchObject({ status: "blocked", blockedCode: "dispute_open" });
    await expect(askRefund(harness, purchase, { amount: 100 })).rejects.toMatchObject({
      code: "dispute_open",
    });
  });

  test("that is won: a new approval and key, since Stripe keeps its no under the old one", async () => {
    const { purchase, id, dispute, approver } = await disputedRefund([]);
    await execute(harness, id);
    const before = await detail(id);
    await harness.sandbox.admin.closeDispute(dispute.id, { account: purchase.accountId, status: "won" });
    await setDispute(purchase, "won", false);
    expect(await resumeBlocked(harness.dependencies, { purchaseId: purchase.id, correlationId })).toBe(1);
    expect(await detail(id)).toMatchObject({ status: "awaiting_approval", idempotencyKey: null });
    const operatorId = approver.id;
    await approveRefund(harness.dependencies, { refundId: id, operatorId, correlationId });
    const refund = await driveRefund(harness, id);
    expect(refund).toMatchObject({ status: "succeeded" });
    expect(refund.idempotencyKey).not.toBe(before.idempotencyKey);
    expect(await harness.stripeRefunds(purchase)).toMatchObject([{ id: refund.stripeRefundId }]);
    const decisions = await harness.dependencies.database
      .select({ revokedAt: approvals.revokedAt })
      .from(approvals)
      .where(eq(approvals.refundId, id));
    expect(decisions.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(1);
  });

  test("that is won: within the rule, policy approves anew", async () => {
    const { purchase, id, dispute } = await disputedRefund(rules);
    await execute(harness, id);
    await harness.sandbox.admin.closeDispute(dispute.id, { account: purchase.accountId, status: "won" });
    await setDispute(purchase, "won", false);
    await resumeBlocked(harness.dependencies, { purchaseId: purchase.id, correlationId });
    expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  });

  test("that is won is found by the sweep when its webhook is lost", async () => {
    const { purchase, id, dispute } = await disputedRefund(rules);
    await execute(harness, id);
    await harness.sandbox.admin.closeDispute(dispute.id, { account: purchase.accountId, status: "won" });
    await harness.advance(60 * 60 * 1000);
    expect(await dueRefunds(harness.dependencies)).toContain(id);
    expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  });

  test("that is lost ends the refund: the bank has returned the money", async () => {
    const { purchase, id, dispute } = await disputedRefund(rules);
    await execute(harness, id);
    await harness.sandbox.admin.closeDispute(dispute.id, { account: purchase.accountId, status: "lost" });
    await setDispute(purchase, "lost", true);
    await resumeBlocked(harness.dependencies, { purchaseId: purchase.id, correlationId });
    expect(await detail(id)).toMatchObject({ status: "refused", refusedCode: "dispute_lost" });
  });

  test("that was lost before the call is a refusal at once", async () => {
    const { purchase, id, dispute } = await disputedRefund(rules);
    await harness.sandbox.admin.closeDispute(dispute.id, { account: purchase.accountId, status: "lost" });
    expect(await execute(harness, id)).toBe("stopped");
    expect(await detail(id)).toMatchObject({ status: "refused", refusedCode: "dispute_lost" });
  });

  test("known before the call blocks it without asking Stripe", async () => {
    const { purchase, id } = await disputedRefund(rules);
    await setDispute(purchase, "needs_response", true);
    expect(await execute(harness, id)).toBe("stopped");
    expect(await detail(id)).toMatchObject({ status: "blocked", attempts: [], idempotencyKey: null });
  });
});

test("no approval in force, no call: a revoked one stops the refund before anything is sent", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id, approval } = await askRefund(harness, purchase);
  await harness.dependencies.database
    .update(approvals)
    .set({ revokedAt: harness.clock.now() })
    .where(eq(approvals.id, approval?.id ?? ""));
  await expect(execute(harness, id)).rejects.toMatchObject({
    code: "approval_missing",
    details: { refundId: id },
  });
  expect(await harness.stripeRefunds(purchase)).toEqual([]);
});

test("policy is judged with the intention: a rule that was taken back sends what is unsent to a person", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id, approval } = await askRefund(harness, purchase);
  const actor = { kind: "operator", id: "opr_1" } as const;
  await updateApp(harness.dependencies, { actor, slug: app.slug, approvalRules: [] });
  expect(await execute(harness, id)).toBe("stopped");
  expect(await detail(id)).toMatchObject({ status: "awaiting_approval", attempts: [], approval: null });
  expect(await harness.stripeRefunds(purchase)).toEqual([]);
  const operatorId = (await harness.operator("approver")).id;
  await approveRefund(harness.dependencies, { refundId: id, operatorId, correlationId });
  const refund = await driveRefund(harness, id);
  expect(refund).toMatchObject({ status: "succeeded" });
  expect(refund.approval?.id).not.toBe(approval?.id);
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});
