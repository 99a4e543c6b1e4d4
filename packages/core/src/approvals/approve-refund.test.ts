import { approvals, deskSettings, operatorRoles, outboxMessages } from "@redress/database";
import { and, eq, like, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Requester } from "../actor.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { lockPurchase } from "../refunds/refund-row.ts";
import { withdrawRefund } from "../refunds/withdraw-refund.ts";
import { askRefund, driveRefund } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { approveRefund } from "./approve-refund.ts";
import { listAwaiting } from "./list-awaiting.ts";
import { rejectRefund } from "./reject-refund.ts";

// Invariant 2: nobody approves what they asked for, an agent never approves, and one decision counts.
let harness: Harness;
let app: TestApp;
let approver: string;
let requester: Requester;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app();
  approver = (await harness.operator("approver")).id;
  requester = { kind: "operator", id: (await harness.operator("admin")).id };
});
afterAll(() => harness.close());

const correlationId = "cor_test";

async function awaiting(by: Requester = requester) {
  const purchase = await harness.purchase({ app });
  const refund = await askRefund(harness, purchase, { requester: by });
  expect(refund.status).toBe("awaiting_approval");
  return { purchase, refundId: refund.id };
}

const approve = (refundId: string, operatorId: string, note?: string) =>
  approveRefund(harness.dependencies, { refundId, operatorId, note, correlationId });
const rejectWith = (refundId: string, operatorId: string, note = "Used it for a year") =>
  rejectRefund(harness.dependencies, { refundId, operatorId, note, correlationId });
const reject = (refundId: string, operatorId: string) => rejectWith(refundId, operatorId);

test("nobody is told no without a reason, in words", async () => {
  const { refundId } = await awaiting();
  for (const note of ["", "  \n", "x".repeat(2001)]) {
    await expect(rejectWith(refundId, approver, note)).rejects.toMatchObject({ code: "invalid_input" });
  }
  expect(await getRefund(harness.dependencies, { refundId })).toMatchObject({ status: "awaiting_approval" });
});

test("fifty approvals at once, of one person or of two, have one effect", async () => {
  const { purchase, refundId } = await awaiting();
  const second = (await harness.operator("approver")).id;
  const decided = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => approve(refundId, index % 2 === 0 ? approver : second)),
  );
  const refused = decided.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
  expect(refused).toEqual(Array(25).fill("already_decided"));
  const { database } = harness.dependencies;
  expect(await database.$count(approvals, eq(approvals.refundId, refundId))).toBe(1);
  const queued = and(
    eq(outboxMessages.name, "refund/execution.due"),
    like(outboxMessages.factKey, `%${refundId}%`),
  );
  expect(await database.$count(outboxMessages, queued)).toBe(1);
  expect(await driveRefund(harness, refundId)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("approving and rejecting at once: one of them wins, the other is told", async () => {
  for (let round = 0; round < 5; round++) {
    const { refundId } = await awaiting();
    const second = (await harness.operator("approver")).id;
    const decided = await Promise.allSettled([approve(refundId, approver), reject(refundId, second)]);
    expect(decided.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(decided.find((result) => result.status === "rejected")).toMatchObject({
      reason: { code: "already_decided" },
    });
  }
});

describe("one's own request", () => {
  test("is not approved by the operator who asked, nor by the owner of the agent that did", async () => {
    const own = await awaiting();
    await expect(approve(own.refundId, requester.id)).rejects.toMatchObject({ code: "own_request" });
    const agents = await awaiting({ kind: "agent", id: "key_1", ownerId: approver });
    await expect(approve(agents.refundId, approver)).rejects.toMatchObject({ code: "own_request" });
  });

  test("is approved by a single admin whose company says so, and the approval shows it", async () => {
    const small = await startHarness();
    try {
      const only = (await small.operator("admin")).id;
      const purchase = await small.purchase({ app: await small.app() });
      const own = { requester: { kind: "operator", id: only } } as const;
      const { id } = await askRefund(small, purchase, own);
      const decision = { refundId: id, operatorId: only, correlationId };
      await expect(approveRefund(small.dependencies, decision)).rejects.toMatchObject({
        code: "own_request",
      });
      await small.dependencies.database.insert(deskSettings).values({
        key: "single_admin_may_approve_own",
        value: true,
        updatedAt: small.clock.now(),
        updatedBy: only,
      });
      const approved = await approveRefund(small.dependencies, decision);
      expect(approved.approval).toMatchObject({ selfApproved: true });
      expect(approved.history.at(-1)).toMatchObject({
        action: "refund_approved",
        details: { selfApproved: true },
      });
      // Beside a single admin, whoever else asked is not that admin.
      const other = (await small.operator("approver")).id;
      const app = await small.app();
      const refused = async (by: string) => {
        const asked = await askRefund(small, await small.purchase({ app }), {
          requester: { kind: "operator", id: by },
        });
        const alone = approveRefund(small.dependencies, { ...decision, refundId: asked.id, operatorId: by });
        await expect(alone).rejects.toMatchObject({ code: "own_request" });
      };
      await refused(other);
      // Of two admins each has somebody else to ask.
      const second = (await small.operator("admin")).id;
      for (const admin of [only, second]) await refused(admin);
    } finally {
      await small.close();
    }
  });

  test("the database refuses it too", async () => {
    const { refundId } = await awaiting();
    const row = {
      id: "apr_forged",
      refundId,
      decision: "approved",
      decidedByKind: "operator",
      decidedById: requester.id,
      requestedByOwner: requester.id,
      decidedAt: harness.clock.now(),
      currency: "eur",
      amount: 10_000,
    } as const;
    const { refunds: own } = await listAwaiting(harness.dependencies, { appIds: [app.id] });
    const purchaseId = own.find(({ id }) => id === refundId)?.purchaseId ?? "";
    await expect(
      harness.dependencies.database.insert(approvals).values({ ...row, purchaseId }),
    ).rejects.toMatchObject({ cause: { constraint: "approvals_not_own" } });
  });
});

test("who has no right to decide, and an agent's id, which has none ever, change nothing", async () => {
  const { refundId } = await awaiting();
  const viewer = (await harness.operator("agent")).id;
  for (const id of [viewer, "key_agent", "nobody"]) {
    await expect(approve(refundId, id)).rejects.toMatchObject({ code: "permission_denied" });
    await expect(reject(refundId, id)).rejects.toMatchObject({ code: "permission_denied" });
  }
  const waiting = await listAwaiting(harness.dependencies, { appIds: [app.id] });
  expect(waiting.refunds.map(({ id }) => id)).toContain(refundId);
});

test("a right that is taken while the decision waits for its turn decides nothing", async () => {
  const { purchase, refundId } = await awaiting();
  const { id } = await harness.operator("approver");
  let asked: Promise<unknown> = Promise.resolve();
  await harness.dependencies.database.transaction(async (transaction) => {
    await lockPurchase(transaction, purchase.id);
    asked = approve(refundId, id).catch((error: unknown) => error);
    await vi.waitFor(async () => {
      const waiting = sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      expect((await harness.dependencies.database.execute(waiting)).rowCount).toBe(1);
    });
    await transaction.delete(operatorRoles).where(eq(operatorRoles.operatorId, id));
  });
  expect(await asked).toMatchObject({ code: "permission_denied" });
});

test("a rejected request is never sent and frees what it held", async () => {
  const { purchase, refundId } = await awaiting();
  expect(await reject(refundId, approver)).toMatchObject({
    status: "rejected",
    approval: { decision: "rejected" },
  });
  expect(await reject(refundId, approver)).toMatchObject({ status: "rejected" });
  // Only the same decision once more is no error.
  await expect(approve(refundId, approver)).rejects.toMatchObject({
    code: "already_decided",
    details: { decision: "rejected", status: "rejected" },
  });
  expect(await driveRefund(harness, refundId)).toMatchObject({ status: "rejected" });
  expect(await harness.stripeRefunds(purchase)).toEqual([]);
  expect(await askRefund(harness, purchase, { requester })).toMatchObject({ amount: purchase.amount });
});

test("what has lapsed or was withdrawn cannot be approved", async () => {
  const withdrawn = await awaiting();
  await withdrawRefund(harness.dependencies, {
    refundId: withdrawn.refundId,
    actor: requester,
    correlationId,
  });
  await expect(approve(withdrawn.refundId, approver)).rejects.toMatchObject({
    code: "not_awaiting_approval",
    details: { status: "withdrawn" },
  });
  const lapsed = await awaiting();
  await harness.advance(14 * 24 * 60 * 60 * 1000);
  await expect(approve(lapsed.refundId, approver)).rejects.toMatchObject({
    code: "not_awaiting_approval",
    details: { status: "expired" },
  });
});

test("each change of state has exactly one entry in the audit log, in order, by who made it", async () => {
  const { refundId } = await awaiting();
  await approve(refundId, approver, "fine");
  const { history } = await driveRefund(harness, refundId);
  expect(
    history
      .filter(({ before, after }) => before?.status !== after?.status)
      .map(({ action, actor, after }) => [action, actor.kind, after?.status]),
  ).toEqual([
    ["refund_requested", "operator", "requested"],
    ["approval_awaited", "policy", "awaiting_approval"],
    ["refund_approved", "operator", "approved"],
    ["refund_executing", "system", "executing"],
    ["refund_confirmed", "stripe", "succeeded"],
  ]);
});

test("a decision is kept with who made it and why; the log names it and holds the note as a hash", async () => {
  const decided = [
    { decision: "approved", decide: approve },
    { decision: "rejected", decide: rejectWith },
  ] as const;
  for (const { decision, decide } of decided) {
    const { refundId } = await awaiting();
    const { approval, history } = await decide(refundId, approver, "as agreed by phone");
    expect(approval).toEqual({
      id: expect.stringMatching(/^apr_/),
      decision,
      decidedBy: { kind: "operator", id: approver, name: expect.any(String) },
      decidedAt: harness.clock.now(),
      selfApproved: false,
      note: "as agreed by phone",
    });
    expect(history.at(-1)).toMatchObject({
      action: `refund_${decision}`,
      actor: { kind: "operator", id: approver },
      before: { status: "awaiting_approval" },
      after: { status: decision },
      details: { approvalId: approval?.id, noteHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(history.at(-1)?.details).not.toHaveProperty("selfApproved");
  }
  const plain = await approve((await awaiting()).refundId, approver);
  expect(plain.approval).toMatchObject({ note: null });
  expect(plain.history.at(-1)?.details).toEqual({ approvalId: plain.approval?.id });
});

test("what the rule decides is said to be the rule's decision, and nobody's own", async () => {
  const ruled = await harness.app({ approvalRules: [{ amount: 10_000, currency: "eur" }] });
  const refund = await askRefund(harness, await harness.purchase({ app: ruled }));
  expect(refund.approval).toMatchObject({
    decidedBy: { kind: "policy", id: expect.stringMatching(/^pol_/) },
    selfApproved: false,
    note: null,
  });
});
