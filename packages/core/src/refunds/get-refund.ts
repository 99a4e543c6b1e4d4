import {
  approvals,
  auditLogs,
  deliveries,
  notifications,
  type Queryable,
  refundAttempts,
  refunds,
  refundVerdicts,
} from "@redress/database";
import { asc, desc, eq, inArray } from "drizzle-orm";
import { approvalsMissing } from "../approvals/approvals-missing.ts";
import { readEndorsements } from "../approvals/read-endorsements.ts";
import { listComments } from "../comments/list-comments.ts";
import type { Dependencies } from "../dependencies.ts";
import { askedForSince } from "../open-alert-conditions.ts";
import { describeFee } from "./application-fee.ts";
import { refundNotFound } from "./refund-row.ts";
import { actorNames, actorView, selectRefunds, summarize } from "./refund-summaries.ts";
import type { RefundDetail, RefundNotificationView } from "./refund-view.ts";

/**
 * Everything about one refund.
 *
 * @throws RedressError `refund_not_found`
 */
export async function getRefund(
  dependencies: Pick<Dependencies, "database">,
  { refundId }: { refundId: string },
): Promise<RefundDetail> {
  const { database } = dependencies;
  const rows = await selectRefunds(database, { where: eq(refunds.id, refundId), orderBy: [], limit: 1 });
  const [summary] = await summarize(database, rows);
  if (!summary || !rows[0]) throw refundNotFound(refundId);
  const { refund, applicationFee } = rows[0];
  const endorsements = (await readEndorsements(database, [refundId])).get(refundId) ?? [];
  return {
    ...summary,
    stripeAccountId: refund.stripeAccountId,
    stripeChargeId: refund.stripeChargeId,
    idempotencyKey: refund.idempotencyKey,
    bankReference: refund.bankReference,
    pendingReason: refund.pendingReason,
    applicationFee:
      refund.origin === "stripe"
        ? null
        : describeFee({ ...refund, applicationFee }, refund.refundApplicationFee),
    followedBy: await readFollower(database, refund),
    approval: await readApproval(database, refund.approvalId),
    approverRole: refund.approverRole,
    endorsements,
    approvalsMissing: approvalsMissing(refund, endorsements.length),
    verdicts: await readVerdicts(database, refundId),
    comments: await listComments(dependencies, { refundId }),
    attempts: await readAttempts(database, refundId),
    notifications: await readNotifications(database, refundId),
    history: await readHistory(database, refundId),
  };
}

/** As the alert of a failed refund has it: what was asked for again is what to look at. */
async function readFollower(
  database: Queryable,
  { purchaseId, status, settledAt }: typeof refunds.$inferSelect,
): Promise<RefundDetail["followedBy"]> {
  if (!["failed", "canceled"].includes(status) || settledAt === null) return null;
  const [follower] = await database
    .select({ id: refunds.id, status: refunds.status })
    .from(refunds)
    .where(askedForSince(refunds, { purchaseId, settledAt }))
    .orderBy(desc(refunds.requestedAt))
    .limit(1);
  return follower ?? null;
}

async function readApproval(
  database: Queryable,
  approvalId: string | null,
): Promise<RefundDetail["approval"]> {
  if (approvalId === null) return null;
  const [row] = await database.select().from(approvals).where(eq(approvals.id, approvalId));
  if (!row) return null;
  const names = await actorNames(database, [row.decidedById]);
  return {
    id: row.id,
    decision: row.decision,
    decidedBy: actorView(names, row.decidedByKind, row.decidedById),
    decidedAt: row.decidedAt,
    selfApproved: row.selfApproved,
    note: row.note,
  };
}

function readVerdicts(database: Queryable, refundId: string): Promise<RefundDetail["verdicts"]> {
  return database
    .select({
      occasion: refundVerdicts.occasion,
      verdict: refundVerdicts.verdict,
      rule: refundVerdicts.rule,
      approverRole: refundVerdicts.approverRole,
      approvers: refundVerdicts.approvers,
      explanation: refundVerdicts.explanation,
      facts: refundVerdicts.facts,
      judgedAt: refundVerdicts.judgedAt,
      policyVersionId: refundVerdicts.policyVersionId,
    })
    .from(refundVerdicts)
    .where(eq(refundVerdicts.refundId, refundId))
    .orderBy(asc(refundVerdicts.id));
}

function readAttempts(database: Queryable, refundId: string): Promise<RefundDetail["attempts"]> {
  return database
    .select({
      number: refundAttempts.number,
      kind: refundAttempts.kind,
      startedAt: refundAttempts.startedAt,
      finishedAt: refundAttempts.finishedAt,
      outcome: refundAttempts.outcome,
      httpStatus: refundAttempts.httpStatus,
      errorCode: refundAttempts.errorCode,
      errorMessage: refundAttempts.errorMessage,
      stripeRequestId: refundAttempts.stripeRequestId,
      replayed: refundAttempts.replayed,
    })
    .from(refundAttempts)
    .where(eq(refundAttempts.refundId, refundId))
    .orderBy(asc(refundAttempts.number));
}

async function readNotifications(database: Queryable, refundId: string): Promise<RefundNotificationView[]> {
  const told = await database
    .select({
      id: notifications.id,
      type: notifications.type,
      status: notifications.status,
      access: notifications.access,
      createdAt: notifications.createdAt,
      receivedAt: notifications.receivedAt,
      doneAt: notifications.doneAt,
      answer: notifications.answer,
    })
    .from(notifications)
    .where(eq(notifications.refundId, refundId))
    .orderBy(asc(notifications.sequence));
  if (told.length === 0) return [];
  const sent = await database
    .select({
      id: deliveries.id,
      notificationId: deliveries.notificationId,
      number: deliveries.number,
      startedAt: deliveries.startedAt,
      finishedAt: deliveries.finishedAt,
      httpStatus: deliveries.httpStatus,
      errorCode: deliveries.errorCode,
    })
    .from(deliveries)
    .where(
      inArray(
        deliveries.notificationId,
        told.map(({ id }) => id),
      ),
    )
    .orderBy(asc(deliveries.number));
  return told.map((notification) => ({
    ...notification,
    deliveries: sent
      .filter(({ notificationId }) => notificationId === notification.id)
      .map(({ notificationId: _, ...delivery }) => delivery),
  }));
}

async function readHistory(database: Queryable, refundId: string): Promise<RefundDetail["history"]> {
  const entries = await database
    .select()
    .from(auditLogs)
    .where(eq(auditLogs.refundId, refundId))
    .orderBy(asc(auditLogs.id));
  const names = await actorNames(
    database,
    entries.map(({ actorId }) => actorId),
  );
  return entries.map(({ at, actorKind, actorId, action, before, after, details }) => ({
    at,
    actor: actorView(names, actorKind, actorId),
    action,
    before,
    after,
    details,
  }));
}
