import {
  approvalEndorsements,
  approvals,
  operatorRoles,
  outboxMessages,
  purchases,
  refunds,
} from "@redress/database";
import { and, eq, like } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setPolicy } from "../policy/set-policy.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { resumeBlocked } from "../refunds/resume-refunds.ts";
import { supersedeRefund } from "../refunds/supersede-refund.ts";
import { withdrawRefund } from "../refunds/withdraw-refund.ts";
import { askRefund, driveRefund, execute, untilDue } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { approveRefund } from "./approve-refund.ts";
import { rejectRefund } from "./reject-refund.ts";
import { takeBackEndorsement } from "./take-back-endorsement.ts";

// Invariant 2, where the policy wants several people: never before the count, never by the requester, one effect.
const correlationId = "cor_test";
const actor = { kind: "operator", id: "opr_admin" } as const;
let harness: Harness;
let app: TestApp;
let people: string[];
let owner: string;

const rule = (approvers: number, role = "approver") => ({ when: {}, verdict: "ask", approvers, role });
const setRules = (of: TestApp, ...rules: object[]) =>
  setPolicy(harness.dependencies, { actor, owner: of, policy: { rules } });

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app();
  await setRules(app, rule(2));
  people = [];
  for (let index = 0; index < 4; index++) people.push((await harness.operator("approver")).id);
  owner = (await harness.operator("admin")).id;
});
afterAll(() => harness.close());

const person = (index: number): string => people[index] ?? "nobody";
const approve = (refundId: string, operatorId: string, note?: string) =>
  approveRefund(harness.dependencies, { refundId, operatorId, note, correlationId });
const reject = (refundId: string, operatorId: string) =>
  rejectRefund(harness.dependencies, { refundId, operatorId, note: "Used it", correlationId });
const takeBack = (refundId: string, operatorId: string) =>
  takeBackEndorsement(harness.dependencies, { refundId, operatorId, correlationId });

async function awaiting(of: TestApp = app) {
  const purchase = await harness.purchase({ app: of });
  const requester = { kind: "agent", id: "key_bot", ownerId: owner } as const;
  const refund = await askRefund(harness, purchase, { requester });
  expect(refund).toMatchObject({ status: "awaiting_approval" });
  return { purchase, refundId: refund.id, refund };
}

test("two different people approve; the answers say how many are still needed", async () => {
  const { purchase, refundId, refund } = await awaiting();
  expect(refund).toMatchObject({ approversNeeded: 2, approvalsMissing: 2, endorsements: [] });
  const first = await approve(refundId, person(0), "called the customer");
  expect(first).toMatchObject({
    status: "awaiting_approval",
    approval: null,
    approvalsMissing: 1,
    endorsements: [{ by: { kind: "operator", id: person(0) }, note: "called the customer" }],
  });
  expect(first.history.at(-1)).toMatchObject({
    action: "refund_endorsed",
    actor: { id: person(0) },
    details: { stillNeeded: 1, noteHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  expect(await execute(harness, refundId)).toBe("stopped");
  const again = await approve(refundId, person(0));
  expect(again).toMatchObject({ status: "awaiting_approval", approvalsMissing: 1 });
  expect(again.history).toHaveLength(first.history.length);
  const second = await approve(refundId, person(1));
  expect(second).toMatchObject({
    status: "approved",
    approvalsMissing: 0,
    approval: { decidedBy: { id: person(1) } },
    endorsements: [{ by: { id: person(0) } }],
  });
  // Late double clicks of both are no errors; a third person is told.
  for (const id of [person(0), person(1)])
    expect(await approve(refundId, id)).toMatchObject({ status: "approved" });
  await expect(approve(refundId, person(2))).rejects.toMatchObject({ code: "already_decided" });
  await expect(takeBack(refundId, person(0))).rejects.toMatchObject({ code: "already_decided" });
  expect(await driveRefund(harness, refundId)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("fifty approvals at once by several people and double clicks: one effect, never alone, never by the requester", async () => {
  const three = await harness.app();
  await setRules(three, rule(3));
  const { purchase, refundId } = await awaiting(three);
  const alone = await awaiting(three);
  const clickers = [owner, ...people];
  const decided = await Promise.allSettled([
    ...Array.from({ length: 50 }, (_, index) => approve(refundId, clickers[index % clickers.length] ?? "")),
    ...Array.from({ length: 10 }, (_, index) => approve(alone.refundId, index % 2 ? person(0) : person(1))),
  ]);
  const refused = decided.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
  expect(refused).toContain("own_request");
  expect(refused.filter((code) => code !== "own_request" && code !== "already_decided")).toEqual([]);
  const byOwner = decided.slice(0, 50).filter((_, index) => index % clickers.length === 0);
  expect(byOwner.map(({ status }) => status)).toEqual(Array(10).fill("rejected"));
  const { database } = harness.dependencies;
  expect(await database.$count(approvals, eq(approvals.refundId, refundId))).toBe(1);
  expect(await database.$count(approvalEndorsements, eq(approvalEndorsements.refundId, refundId))).toBe(2);
  const queued = and(
    eq(outboxMessages.name, "refund/execution.due"),
    like(outboxMessages.factKey, `%${refundId}%`),
  );
  expect(await database.$count(outboxMessages, queued)).toBe(1);
  expect(await getRefund(harness.dependencies, alone)).toMatchObject({
    status: "awaiting_approval",
    approvalsMissing: 1,
  });
  expect(await driveRefund(harness, refundId)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("in any order, approved exactly when as many different people as needed stand behind it", async () => {
  const steps = fc.array(
    fc.record({
      who: fc.integer({ min: 0, max: 4 }),
      what: fc.constantFrom("approve", "approve", "take back"),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const apps = new Map<number, TestApp>();
  for (const needed of [1, 2, 3]) {
    const of = await harness.app();
    await setRules(of, rule(needed));
    apps.set(needed, of);
  }
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(1, 2, 3), steps, async (needed, taken) => {
      const { refundId } = await awaiting(apps.get(needed));
      const behind = new Set<string>();
      for (const { who, what } of taken) {
        const id = [...people, owner][who] ?? "";
        if (behind.size >= needed) break;
        const outcome = await (what === "approve" ? approve : takeBack)(refundId, id).catch(
          ({ code }) => code,
        );
        if (what === "take back") {
          if (!behind.delete(id)) expect(outcome).toBe("not_endorsed");
        } else if (id === owner) expect(outcome).toBe("own_request");
        else behind.add(id);
        const { status, approvalsMissing } = await getRefund(harness.dependencies, { refundId });
        expect([status, approvalsMissing]).toEqual(
          behind.size >= needed ? ["approved", 0] : ["awaiting_approval", needed - behind.size],
        );
      }
    }),
    { numRuns: 40, seed: 5 },
  );
});

describe("what ends or renews a request spends what was endorsed", () => {
  test("one rejection ends it, and so does a withdrawal", async () => {
    const rejected = await awaiting();
    await approve(rejected.refundId, person(0));
    expect(await reject(rejected.refundId, person(1))).toMatchObject({ status: "rejected" });
    await expect(approve(rejected.refundId, person(2))).rejects.toMatchObject({ code: "already_decided" });
    const withdrawn = await awaiting();
    await approve(withdrawn.refundId, person(0));
    await withdrawRefund(harness.dependencies, { refundId: withdrawn.refundId, actor, correlationId });
    await expect(approve(withdrawn.refundId, person(1))).rejects.toMatchObject({
      code: "not_awaiting_approval",
    });
  });

  test("a request that is given to people anew needs new approvals by as many", async () => {
    const { purchase, refundId } = await awaiting();
    await approve(refundId, person(0));
    await approve(refundId, person(1));
    const { accountId: account, chargeId: charge } = purchase;
    const dispute = await harness.sandbox.admin.createDispute({ account, charge });
    await execute(harness, refundId);
    await harness.sandbox.admin.closeDispute(dispute.id, { account, status: "won" });
    await harness.dependencies.database
      .update(purchases)
      .set({ disputeStatus: "won", refundsBlockedByDispute: false })
      .where(eq(purchases.id, purchase.id));
    await resumeBlocked(harness.dependencies, { purchaseId: purchase.id, correlationId });
    const anew = await getRefund(harness.dependencies, { refundId });
    expect(anew).toMatchObject({ status: "awaiting_approval", approvalsMissing: 2, endorsements: [] });
    expect(await approve(refundId, person(1))).toMatchObject({ approvalsMissing: 1 });
    expect(await approve(refundId, person(0))).toMatchObject({ status: "approved" });
    expect(await driveRefund(harness, refundId)).toMatchObject({ status: "succeeded" });
  });

  test("a refund that replaces a stuck one needs as many as the first, and who replaces it is one of them", async () => {
    const { refundId } = await awaiting();
    await approve(refundId, person(0));
    await approve(refundId, person(1));
    await harness.sandbox.admin.addFault({
      fault: "error_500_stored",
      method: "POST",
      path: "/v1/refunds",
    });
    for (let step = 0; step < 3; step++) {
      await execute(harness, refundId);
      await untilDue(harness, refundId);
    }
    await harness.sandbox.admin.clearFaults();
    const replacement = await supersedeRefund(harness.dependencies, {
      refundId,
      operatorId: person(0),
      correlationId,
    });
    expect(replacement).toMatchObject({
      status: "awaiting_approval",
      approvalsMissing: 1,
      endorsements: [{ by: { id: person(0) } }],
    });
    expect(await approve(replacement.id, person(2))).toMatchObject({ status: "approved" });
    expect(await driveRefund(harness, replacement.id)).toMatchObject({ status: "succeeded" });
  });
});

describe("the demand is that of the moment", () => {
  test("a policy that wants more by now is followed; one that wants less is not", async () => {
    const of = await harness.app();
    await setRules(of, rule(2));
    const more = await awaiting(of);
    await approve(more.refundId, person(0));
    await setRules(of, rule(3));
    expect(await approve(more.refundId, person(1))).toMatchObject({
      status: "awaiting_approval",
      approversNeeded: 3,
      approvalsMissing: 1,
    });
    await setRules(of, rule(1));
    expect(await approve(more.refundId, person(2))).toMatchObject({ status: "approved" });
    const less = await awaiting(of);
    await setRules(of, rule(2));
    expect(await approve(less.refundId, person(0))).toMatchObject({ approvalsMissing: 1 });
  });

  test("who lost the role does not count; once it is back, a second click is enough", async () => {
    const { refundId } = await awaiting();
    const { id } = await harness.operator("approver");
    await approve(refundId, id);
    const { database } = harness.dependencies;
    const [role] = await database.delete(operatorRoles).where(eq(operatorRoles.operatorId, id)).returning();
    expect(await approve(refundId, person(0))).toMatchObject({ status: "awaiting_approval" });
    if (role) await database.insert(operatorRoles).values(role);
    expect(await approve(refundId, id)).toMatchObject({ status: "approved" });
  });

  test("where admins are wanted, an approver's approval of before does not count", async () => {
    const of = await harness.app();
    await setRules(of, rule(2));
    const { refundId } = await awaiting(of);
    await approve(refundId, person(0));
    await setRules(of, rule(2, "admin"));
    await expect(approve(refundId, person(1))).rejects.toMatchObject({ code: "permission_denied" });
    const admins = [(await harness.operator("admin")).id, (await harness.operator("admin")).id] as const;
    expect(await approve(refundId, admins[0])).toMatchObject({ status: "awaiting_approval" });
    expect(await approve(refundId, admins[1])).toMatchObject({ status: "approved" });
  });
});

describe("the database by itself", () => {
  const endorsed = (refundId: string, purchaseId: string, change: object = {}) =>
    harness.dependencies.database.insert(approvalEndorsements).values({
      id: `end_${Math.random()}`,
      refundId,
      purchaseId,
      amount: 10_000,
      currency: "eur",
      requestedByOwner: owner,
      asking: 1,
      operatorId: person(0),
      endorsedAt: harness.clock.now(),
      ...change,
    });
  const refusedBy = (constraint: string) => ({ cause: { constraint } });

  test("refuses an endorsement by the requester's owner, twice by one person, of another request or asking", async () => {
    const { refundId, purchase } = await awaiting();
    await expect(endorsed(refundId, purchase.id, { operatorId: owner })).rejects.toMatchObject(
      refusedBy("approval_endorsements_not_own"),
    );
    await endorsed(refundId, purchase.id);
    await expect(endorsed(refundId, purchase.id)).rejects.toMatchObject(
      refusedBy("approval_endorsements_once"),
    );
    const other = { operatorId: person(1) };
    await expect(endorsed(refundId, purchase.id, { ...other, amount: 9_999 })).rejects.toMatchObject(
      refusedBy("approval_endorsements_of_request"),
    );
    await expect(endorsed(refundId, purchase.id, { ...other, asking: 2 })).rejects.toMatchObject(
      refusedBy("approval_endorsements_while_asked"),
    );
  });

  test("refuses an approval before the count, and a lower count, and another reason", async () => {
    const { database } = harness.dependencies;
    const { refundId, purchase } = await awaiting();
    const approval = {
      id: `apr_${refundId}`,
      refundId,
      purchaseId: purchase.id,
      amount: 10_000,
      currency: "eur",
      requestedByOwner: owner,
      decision: "approved",
      decidedByKind: "operator",
      decidedById: person(0),
      decidedAt: harness.clock.now(),
    } as const;
    await expect(database.insert(approvals).values(approval)).rejects.toMatchObject(
      refusedBy("approvals_enough"),
    );
    // The same person once more is still one.
    await endorsed(refundId, purchase.id);
    await expect(database.insert(approvals).values(approval)).rejects.toMatchObject(
      refusedBy("approvals_enough"),
    );
    const row = eq(refunds.id, refundId);
    await expect(database.update(refunds).set({ approversNeeded: 1 }).where(row)).rejects.toMatchObject(
      refusedBy("refunds_approvers_fixed"),
    );
    await expect(database.update(refunds).set({ reason: "duplicate" }).where(row)).rejects.toMatchObject(
      refusedBy("refunds_facts_fixed"),
    );
  });
});
