import { drifts, notifications, type Queryable, reconciliationRuns, refunds } from "@redress/database";
import { and, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Dependencies } from "./dependencies.ts";
import { type OpenAlertKind, openAlertConditions, openAlertKinds } from "./open-alert-conditions.ts";
import { selectRefunds, summarize } from "./refunds/refund-summaries.ts";
import type { RefundSummary } from "./refunds/refund-view.ts";

export interface OpenAlert {
  readonly kind: OpenAlertKind;
  readonly refund: RefundSummary;
  /** Since when it is so. */
  readonly since: Date;
  /** Failed after it had succeeded: the customer may have been told. */
  readonly hadSucceeded: boolean;
}

const mostOfKind = 50;

type AlertDependencies = Pick<Dependencies, "database" | "clock">;

/**
 * What waits for a person, read from the rows as they are now: nothing has to be closed, and nothing stays
 * open once it is mended.
 *
 * @param input.kinds all unless told
 * @param input.limit at most this many of each kind, the newest; 50 unless told
 */
export async function listOpenAlerts(
  dependencies: AlertDependencies,
  input: { appIds: readonly string[] | "all"; kinds?: readonly OpenAlertKind[]; limit?: number },
): Promise<OpenAlert[]> {
  const { database, clock } = dependencies;
  const conditions = openAlertConditions(database, clock.now());
  const kinds = openAlertKinds.filter((kind) => input.kinds?.includes(kind) !== false);
  const alerts = await Promise.all(
    kinds.map(async (kind) => {
      const rows = await selectRefunds(database, {
        where: and(inScope(input.appIds), conditions[kind]),
        orderBy: [desc(refunds.updatedAt), desc(refunds.id)],
        limit: Math.min(mostOfKind, input.limit ?? mostOfKind),
      });
      const [failedLater, summaries] = await Promise.all([
        kind === "failed" ? toldOfFailure(database, rows) : new Set(),
        summarize(database, rows),
      ]);
      return summaries.map((refund, index) => ({
        kind,
        refund,
        since: rows[index]?.refund.settledAt ?? rows[index]?.refund.updatedAt ?? refund.requestedAt,
        hadSucceeded: failedLater.has(refund.id),
      }));
    }),
  );
  return alerts.flat();
}

const countsSchema = z.tuple([z.record(z.enum(openAlertKinds), z.coerce.number())]);

/** How many are open of each kind, all of them, asked in one statement: for the numbers beside links. */
export async function countOpenAlertsByKind(
  { database, clock }: AlertDependencies,
  input: { appIds: readonly string[] | "all" },
): Promise<Readonly<Record<OpenAlertKind, number>>> {
  const conditions = openAlertConditions(database, clock.now());
  const counts = openAlertKinds.map((kind) => {
    const where = and(inScope(input.appIds), conditions[kind]);
    return sql`(select count(*) from ${refunds} where ${where}) as ${sql.identifier(kind)}`;
  });
  const { rows } = await database.execute(sql`select ${sql.join(counts, sql`, `)}`);
  return countsSchema.parse(rows)[0];
}

/** How many differences of these apps only a person can judge, of the newest comparisons that ended well. */
export async function countUndecidedDrifts(
  { database }: AlertDependencies,
  input: { appIds: readonly string[] | "all" },
): Promise<number> {
  const newest = database
    .selectDistinctOn([reconciliationRuns.appId], { id: reconciliationRuns.id })
    .from(reconciliationRuns)
    .where(and(eq(reconciliationRuns.status, "done"), isNull(reconciliationRuns.refundId)))
    .orderBy(reconciliationRuns.appId, desc(reconciliationRuns.startedAt));
  return database.$count(
    drifts,
    and(
      eq(drifts.rightSide, "undecided"),
      inArray(drifts.runId, newest),
      input.appIds === "all" ? undefined : inArray(drifts.appId, [...input.appIds]),
    ),
  );
}

function inScope(appIds: readonly string[] | "all"): SQL | undefined {
  return appIds === "all" ? undefined : inArray(refunds.appId, [...appIds]);
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
  return new Set(told.flatMap(({ refundId }) => refundId ?? []));
}
