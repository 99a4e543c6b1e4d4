import {
  auditLogs,
  drifts,
  liveRefundStatuses,
  notifications,
  type Queryable,
  reconciliationRuns,
  refunds,
} from "@redress/database";
import {
  and,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lte,
  ne,
  notExists,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Dependencies } from "./dependencies.ts";
import { selectRefunds, summarize } from "./refunds/refund-summaries.ts";
import type { RefundSummary } from "./refunds/refund-view.ts";

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

export interface OpenAlert {
  readonly kind: OpenAlertKind;
  readonly refund: RefundSummary;
  /** Since when it is so. */
  readonly since: Date;
  /** Failed after it had succeeded: the customer may have been told. */
  readonly hadSucceeded: boolean;
}

/** What failed longer ago has been seen to, or never will be. */
const rememberedMs = 30 * 24 * 60 * 60 * 1000;
/** An app that took a message has this long to say that it is done. */
const patienceMs = 24 * 60 * 60 * 1000;
const mostOfKind = 50;

type AlertDependencies = Pick<Dependencies, "database" | "clock">;

/**
 * What waits for a person, read from the rows as they are now: nothing has to be closed, and nothing stays
 * open once it is mended.
 */
export async function listOpenAlerts(
  dependencies: AlertDependencies,
  input: { appIds: readonly string[] | "all" },
): Promise<OpenAlert[]> {
  const { database, clock } = dependencies;
  const conditions = conditionsOf(database, clock.now());
  const alerts: OpenAlert[] = [];
  for (const kind of openAlertKinds) {
    const rows = await selectRefunds(database, {
      where: and(inScope(input.appIds), conditions[kind]),
      orderBy: [desc(refunds.updatedAt), desc(refunds.id)],
      limit: mostOfKind,
    });
    const failedLater = kind === "failed" ? await toldOfFailure(database, rows) : new Set();
    const summaries = await summarize(database, rows);
    alerts.push(
      ...summaries.map((refund, index) => ({
        kind,
        refund,
        since: rows[index]?.refund.settledAt ?? rows[index]?.refund.updatedAt ?? refund.requestedAt,
        hadSucceeded: failedLater.has(refund.id),
      })),
    );
  }
  return alerts;
}

/** How many `listOpenAlerts` would list, and of each kind all: for a number beside a link. */
export async function countOpenAlerts(
  dependencies: AlertDependencies,
  input: { appIds: readonly string[] | "all" },
): Promise<number> {
  const { database, clock } = dependencies;
  const conditions = conditionsOf(database, clock.now());
  const counts = await Promise.all(
    openAlertKinds.map((kind) => database.$count(refunds, and(inScope(input.appIds), conditions[kind]))),
  );
  return counts.reduce((sum, found) => sum + found, 0);
}

/** How many differences only a person can judge, of each app's newest comparison that ended well. */
export async function countUndecidedDrifts(
  { database }: AlertDependencies,
  input: { appIds: readonly string[] | "all" },
): Promise<number> {
  const newest = database
    .selectDistinctOn([reconciliationRuns.appId], { id: reconciliationRuns.id })
    .from(reconciliationRuns)
    .where(
      and(
        eq(reconciliationRuns.status, "done"),
        isNull(reconciliationRuns.refundId),
        input.appIds === "all" ? undefined : inArray(reconciliationRuns.appId, [...input.appIds]),
      ),
    )
    .orderBy(reconciliationRuns.appId, desc(reconciliationRuns.startedAt));
  return database.$count(drifts, and(eq(drifts.rightSide, "undecided"), inArray(drifts.runId, newest)));
}

function inScope(appIds: readonly string[] | "all"): SQL | undefined {
  return appIds === "all" ? undefined : inArray(refunds.appId, [...appIds]);
}

function conditionsOf(database: Queryable, now: Date): Readonly<Record<OpenAlertKind, SQL | undefined>> {
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

async function toldOfFailure(
  database: Queryable,
  rows: readonly { refund: { id: string } }[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const told = await database
    .select({ refundId: notifications.refundId })
    .from(notifications)
    .where(
      and(
        eq(notifications.type, "refund.failed"),
        inArray(
          notifications.refundId,
          rows.map(({ refund }) => refund.id),
        ),
      ),
    );
  return new Set(told.map(({ refundId }) => refundId));
}
