import { auditLogs, liveRefundStatuses, notifications, type Queryable, refunds } from "@redress/database";
import { and, eq, gte, inArray, isNotNull, isNull, lte, ne, notExists, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";

/** What somebody has to see to, most pressing first. */
export const openAlertKinds = [
  /** Stripe made a refund that had been replaced by another one. */
  "paid_twice_perhaps",
  /** The customer was told of money that came back, or that never came. */
  "failed",
  /** An equal refund was found at Stripe, and nothing says whose it is. */
  "unattributed",
  /** Cannot run now. */
  "blocked",
  /** The customer has the money and the access, as far as the app said. */
  "access_open",
] as const;
export type OpenAlertKind = (typeof openAlertKinds)[number];

/** What failed longer ago has been seen to, or never will be. */
const rememberedMs = 30 * 24 * 60 * 60 * 1000;
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
      inArray(refunds.id, replacedRefunds(database, remembered)),
    ),
    failed: and(
      eq(refunds.status, "failed"),
      gte(refunds.settledAt, remembered),
      notExists(laterRefund(database)),
    ),
    unattributed: and(eq(refunds.status, "executing"), refunds.outcomeUnknown, isNull(refunds.nextAttemptAt)),
    blocked: eq(refunds.status, "blocked"),
    access_open: inArray(refunds.id, openAccess(database, now)),
  };
}

/** Refunds that were given up for another one, which may have been sent too. */
function replacedRefunds(database: Queryable, since: Date) {
  const replacement = alias(refunds, "replacement");
  return database
    .select({ id: auditLogs.refundId })
    .from(auditLogs)
    .innerJoin(replacement, eq(replacement.id, sql`${auditLogs.details} ->> 'supersededBy'`))
    .where(
      and(
        eq(auditLogs.action, "refund_superseded"),
        gte(auditLogs.at, since),
        ne(replacement.status, "refused"),
      ),
    );
}

/** Money that was asked for again since: then that refund is what to look at. */
function laterRefund(database: Queryable) {
  const later = alias(refunds, "later");
  return database
    .select({ id: later.id })
    .from(later)
    .where(
      and(
        eq(later.purchaseId, refunds.purchaseId),
        inArray(later.status, [...liveRefundStatuses]),
        sql`${later.requestedAt} > ${refunds.settledAt}`,
      ),
    );
}

/** Only the newest message about access counts; older ones were overtaken by it. */
function openAccess(database: Queryable, now: Date) {
  const newer = alias(notifications, "newer");
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
        notExists(
          database
            .select({ id: newer.id })
            .from(newer)
            .where(
              and(
                eq(newer.purchaseId, notifications.purchaseId),
                ne(newer.access, "keep"),
                sql`${newer.sequence} > ${notifications.sequence}`,
              ),
            ),
        ),
      ),
    );
}
