import { approvalReminders, type Queryable, refunds } from "@redress/database";
import { and, asc, eq, lte, notExists, sql } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { defaultReminders } from "../policy/policy-document.ts";
import { policyInForce } from "../policy/policy-in-force.ts";
import { lockRefund } from "../refunds/refund-row.ts";
import { tellApprovers } from "./tell-approvers.ts";

export type ReminderStage = (typeof approvalReminders.$inferSelect)["stage"];

const hourMs = 60 * 60 * 1000;
const reminder = systemActor("remind_approvers");

/**
 * Says of requests that wait longer than the policy in force wants that people are to be told: once for each
 * stage of an asking, however many sweeps run. The hours count from when it was last given to people.
 *
 * @param input.limit at most this many of each app and stage in one sweep; 100 unless told
 * @returns how many were found due
 */
export async function remindApprovers(
  dependencies: Dependencies,
  input: { limit?: number; correlationId: string },
): Promise<number> {
  const { database, clock } = dependencies;
  const waiting = await database
    .selectDistinct({ appId: refunds.appId })
    .from(refunds)
    .where(eq(refunds.status, "awaiting_approval"));
  let count = 0;
  for (const { appId } of waiting) {
    const { policy } = await policyInForce(database, appId);
    const { afterHours, escalateAfterHours } = policy.reminders ?? defaultReminders;
    const stages = { reminder: afterHours, escalated: escalateAfterHours } as const;
    for (const stage of ["reminder", "escalated"] as const) {
      const since = new Date(clock.now().getTime() - stages[stage] * hourMs);
      const due = await findDue(database, { appId, stage, since, limit: input.limit ?? 100 });
      for (const refundId of due) {
        if (await remind(dependencies, { ...input, refundId, stage, since })) count += 1;
      }
    }
  }
  return count;
}

async function findDue(
  database: Queryable,
  { appId, stage, since, limit }: { appId: string; stage: ReminderStage; since: Date; limit: number },
): Promise<string[]> {
  const told = database
    .select({ stage: approvalReminders.stage })
    .from(approvalReminders)
    .where(
      and(
        eq(approvalReminders.refundId, refunds.id),
        eq(approvalReminders.asking, refunds.asking),
        eq(approvalReminders.stage, stage),
      ),
    );
  const rows = await database
    .select({ id: refunds.id })
    .from(refunds)
    .where(
      and(
        eq(refunds.appId, appId),
        eq(refunds.status, "awaiting_approval"),
        lte(refunds.awaitingSince, since),
        sql`${refunds.expiresAt} is not null`,
        notExists(told),
      ),
    )
    .orderBy(asc(refunds.awaitingSince), asc(refunds.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}

const actions = { reminder: "approval_reminded", escalated: "approval_escalated" } as const;

async function remind(
  dependencies: Dependencies,
  step: { refundId: string; stage: ReminderStage; since: Date; correlationId: string },
): Promise<boolean> {
  const { refundId, stage, since, correlationId } = step;
  return dependencies.database.transaction(async (transaction) => {
    const { refund } = await lockRefund(transaction, refundId);
    const { status, asking, awaitingSince, appId, purchaseId } = refund;
    if (status !== "awaiting_approval" || awaitingSince === null || awaitingSince > since) return false;
    const made = await transaction
      .insert(approvalReminders)
      .values({ refundId, asking, stage, toldAt: dependencies.clock.now() })
      .onConflictDoNothing()
      .returning({ stage: approvalReminders.stage });
    if (made.length === 0) return false;
    const entry = { actor: reminder, action: actions[stage], correlationId, appId, purchaseId, refundId };
    const details = { asking, waitingSince: awaitingSince.toISOString() };
    await recordAudit(dependencies, transaction, { ...entry, details });
    await tellApprovers(dependencies, transaction, { refundId, occasion: stage, number: asking });
    return true;
  });
}
