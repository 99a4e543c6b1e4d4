import { auditLogs, liveRefundStatuses, notifications, type Queryable, refunds } from "@redress/database";
import {
  and,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lte,
  ne,
  not,
  notExists,
  or,
  type SQL,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import { alias, type PgColumn } from "drizzle-orm/pg-core";

/** What somebody has to see to, most pressing first. */
export const openAlertKinds = [
  /** Stripe made a refund that had been replaced by another one. */
  "paid_twice_perhaps",
  /** Our own call made another refund than the row has. */
  "misattributed",
  /** The customer was told of money that came back, or that never came: `canceled` is one more way to fail. */
  "failed",
  /** An equal refund was found at Stripe, and nothing says whose it is. */
  "unattributed",
  /** Stripe answers with an error that it keeps, and has no such refund: it can be replaced. */
  "replaceable",
  /** Nobody knows yet whether Stripe made it, and that for longer than a disturbance lasts. */
  "unknown_for_long",
  /** Nobody has decided it for as long as the policy wants before admins are told. */
  "undecided_for_long",
  /** Cannot run now. */
  "blocked",
  /** The customer has the money and the access, as far as the app said. */
  "access_open",
] as const;
export type OpenAlertKind = (typeof openAlertKinds)[number];

/** What failed longer ago has been seen to, or never will be. */
const rememberedMs = 30 * 24 * 60 * 60 * 1000;
/** Asking Stripe answers for itself meanwhile; after this somebody should know of it. */
const longUnknownMs = 60 * 60 * 1000;
/** An app that took a message has this long to say that it is done. */
const patienceMs = 24 * 60 * 60 * 1000;

/** Which refunds are open in each kind, as the rows are now. */
export function openAlertConditions(
  database: Queryable,
  now: Date,
): Readonly<Record<OpenAlertKind, SQL | undefined>> {
  const remembered = new Date(now.getTime() - rememberedMs);
  return {
    paid_twice_perhaps: and(
      isNotNull(refunds.stripeRefundId),
      inArray(refunds.status, ["pending", "requires_action", "succeeded"]),
      gte(refunds.updatedAt, remembered),
      sql`${refunds.id} in ${replacedRefunds}`,
    ),
    misattributed: inArray(refunds.id, misattributed(database, remembered)),
    failed: and(
      // Written out, so that the index `refunds_failed` serves whatever the plan.
      sql`${refunds.status} in ('failed', 'canceled')`,
      gte(refunds.settledAt, remembered),
      notExists(laterRefund(database)),
    ),
    unattributed: and(eq(refunds.status, "executing"), refunds.outcomeUnknown, isNull(refunds.nextAttemptAt)),
    replaceable: and(eq(refunds.status, "executing"), refunds.outcomeUnknown, errorKept),
    unknown_for_long: and(
      eq(refunds.status, "executing"),
      refunds.outcomeUnknown,
      isNotNull(refunds.nextAttemptAt),
      lte(refunds.firstAttemptAt, new Date(now.getTime() - longUnknownMs)),
      not(errorKept),
    ),
    undecided_for_long: and(eq(refunds.status, "awaiting_approval"), escalated),
    blocked: eq(refunds.status, "blocked"),
    access_open: inArray(refunds.id, openAccess(database, now)),
  };
}

/** Refunds that were given up for another one which was sent, or may be, or for one after that. */
const replacedRefunds = sql`(
  with recursive replacements as (
    select replaces_refund_id as replaced, id from refunds where replaces_refund_id is not null
    union
    select replacements.replaced, refunds.id from refunds join replacements on refunds.replaces_refund_id = replacements.id
  )
  select replaced from replacements join refunds using (id)
  where status not in ('refused', 'rejected', 'expired', 'withdrawn')
    and not (status = 'superseded' and outcome_unknown))`;

/** Our call made one refund, and the row holds another: the first one stands in a row of its own. */
function misattributed(database: Queryable, since: Date) {
  return database
    .select({ id: auditLogs.refundId })
    .from(auditLogs)
    .where(and(eq(auditLogs.action, "refund_misattributed"), gte(auditLogs.at, since)));
}

/** In its present asking. */
const escalated = sql`exists (
  select from approval_reminders as told
  where told.refund_id = ${refunds.id} and told.asking = ${refunds.asking} and told.stage = 'escalated')`;

/** As `isErrorKept` says it of one refund. */
const errorKept = sql`exists (
  select from refund_attempts as kept
  where kept.refund_id = ${refunds.id} and kept.kind = 'create' and kept.outcome = 'unknown' and kept.replayed
    and kept.http_status >= 500
    and not exists (
      select from refund_attempts as newer
      where newer.refund_id = kept.refund_id and newer.number > kept.number and newer.kind = 'create')
    and (
      select last.error_code from refund_attempts as last
      where last.refund_id = kept.refund_id order by last.number desc limit 1) = 'nothing_found')`;

/** Money that was asked for again since: then that refund is what to look at. */
function laterRefund(database: Queryable) {
  const later = alias(refunds, "later");
  return database.select({ id: later.id }).from(later).where(askedForSince(later, refunds));
}

/** Which refunds of a purchase were asked for after one of it was settled, and still count. */
export function askedForSince(
  later: Readonly<Record<"purchaseId" | "status" | "requestedAt", PgColumn>>,
  settled: { readonly purchaseId: string | SQLWrapper; readonly settledAt: Date | SQLWrapper },
): SQL | undefined {
  return and(
    eq(later.purchaseId, settled.purchaseId),
    inArray(later.status, [...liveRefundStatuses]),
    gt(later.requestedAt, settled.settledAt),
  );
}

/** By `offset 0` it is looked up for each of the few: left alone, the planner reads all messages that there ever were. */
const notOvertaken = sql`not exists (
  select from notifications as newer
  where newer.purchase_id = ${notifications.purchaseId} and newer.access <> 'keep'
    and newer.sequence > ${notifications.sequence} offset 0)`;

/** Only the newest message about access counts; older ones were overtaken by it. */
function openAccess(database: Queryable, now: Date) {
  const impatient = new Date(now.getTime() - patienceMs);
  return database
    .select({ id: notifications.refundId })
    .from(notifications)
    .where(
      and(
        ne(notifications.access, "keep"),
        or(
          inArray(notifications.status, ["declined", "dead"]),
          and(
            inArray(notifications.status, ["pending", "received"]),
            lte(notifications.createdAt, impatient),
          ),
        ),
        notOvertaken,
      ),
    );
}
