import { auditLogs, outboxMessages } from "@redress/database";
import { and, asc, eq, like } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listOpenAlerts } from "../list-open-alerts.ts";
import { setPolicy } from "../policy/set-policy.ts";
import { askRefund } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { approveRefund } from "./approve-refund.ts";
import { remindApprovers } from "./remind-approvers.ts";

// A request that waits is not forgotten: each stage is said once, in the transaction that keeps it.
const hour = 60 * 60 * 1000;
const correlationId = "cor_test";
const actor = { kind: "operator", id: "opr_admin" } as const;
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const remind = () => remindApprovers(harness.dependencies, { correlationId });
const setReminders = (owner: TestApp, afterHours: number, escalateAfterHours: number) =>
  setPolicy(harness.dependencies, {
    actor,
    owner,
    policy: { rules: [], reminders: { afterHours, escalateAfterHours } },
  });

async function awaiting(app: TestApp): Promise<string> {
  return (await askRefund(harness, await harness.purchase({ app }))).id;
}

/** Reminders alone: of asking and deciding people are told as well. */
async function told(refundId: string) {
  const rows = await harness.dependencies.database
    .select({ factKey: outboxMessages.factKey, data: outboxMessages.data })
    .from(outboxMessages)
    .where(and(eq(outboxMessages.name, "approval/told.due"), like(outboxMessages.factKey, `%${refundId}%`)))
    .orderBy(asc(outboxMessages.createdAt));
  return rows.filter(({ factKey }) => /:(reminder|escalated):/.test(factKey));
}

const reminderOf = (refundId: string, occasion: string) => ({
  factKey: `approval.told:${refundId}:${occasion}:1`,
  data: { refundId, occasion },
});

test("approvers are to be reminded, then admins told, each once however many sweeps run at once", async () => {
  const app = await harness.app();
  await setReminders(app, 4, 10);
  const refundId = await awaiting(app);
  await harness.advance(4 * hour - 1000);
  await remind();
  expect(await told(refundId)).toEqual([]);
  await harness.advance(1000);
  await Promise.all([remind(), remind(), remind()]);
  expect(await told(refundId)).toEqual([reminderOf(refundId, "reminder")]);
  expect(await listOpenAlerts(harness.dependencies, { appIds: [app.id] })).toEqual([]);
  await harness.advance(6 * hour);
  await Promise.all([remind(), remind()]);
  await harness.advance(60 * hour);
  await remind();
  expect(await told(refundId)).toEqual([reminderOf(refundId, "reminder"), reminderOf(refundId, "escalated")]);
  expect(await listOpenAlerts(harness.dependencies, { appIds: [app.id] })).toMatchObject([
    { kind: "undecided_for_long", refund: { id: refundId } },
  ]);
  const entries = await harness.dependencies.database
    .select({ action: auditLogs.action })
    .from(auditLogs)
    .where(and(eq(auditLogs.refundId, refundId), eq(auditLogs.actorId, "remind_approvers")))
    .orderBy(asc(auditLogs.id));
  expect(entries.map(({ action }) => action)).toEqual(["approval_reminded", "approval_escalated"]);
  const approver = await harness.operator("approver");
  await approveRefund(harness.dependencies, { refundId, operatorId: approver.id, correlationId });
  expect(await listOpenAlerts(harness.dependencies, { appIds: [app.id] })).toEqual([]);
});

test("a policy that says nothing of it reminds after a day and tells admins after three", async () => {
  const refundId = await awaiting(await harness.app());
  await harness.advance(24 * hour - 1000);
  await remind();
  expect(await told(refundId)).toEqual([]);
  await harness.advance(1000);
  await remind();
  expect(await told(refundId)).toHaveLength(1);
  await harness.advance(48 * hour);
  await remind();
  expect(await told(refundId)).toHaveLength(2);
});

test("what is decided is not reminded of", async () => {
  const refundId = await awaiting(await harness.app());
  const approver = await harness.operator("approver");
  await approveRefund(harness.dependencies, { refundId, operatorId: approver.id, correlationId });
  await harness.advance(100 * hour);
  await remind();
  expect(await told(refundId)).toEqual([]);
});

test("admins are told after the approvers, never before", async () => {
  const app = await harness.app();
  await expect(setReminders(app, 5, 5)).rejects.toMatchObject({ code: "invalid_input" });
});
