import { apps, type Database, drifts, reconciliationRuns } from "@redress/database";
import { and, asc, count, desc, eq, inArray, isNull, max, ne } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { ComparisonView, RunView } from "./comparison-view.ts";
import { progressOf } from "./progress.ts";
import type { RunRow } from "./run.ts";
import { reconcileEveryMs } from "./start-run.ts";

/** How the books of each app stand, by slug: the last comparison, the one that runs, the next that is due. */
export async function listComparisons(
  { database }: Pick<Dependencies, "database">,
  input: { appIds: readonly string[] | "all" },
): Promise<ComparisonView[]> {
  const rows = await database
    .select()
    .from(apps)
    .where(input.appIds === "all" ? undefined : inArray(apps.id, [...input.appIds]))
    .orderBy(asc(apps.slug));
  const appIds = rows.map(({ id }) => id);
  if (appIds.length === 0) return [];
  const running = await newestRuns(database, appIds, true);
  const last = await newestRuns(database, appIds, false);
  const counts = await countDrifts(database, [...running.values(), ...last.values()]);
  const scheduled = await lastScheduled(database, appIds);
  const view = async (run: RunRow | undefined) => (run ? viewOf(database, run, counts) : null);
  return Promise.all(
    rows.map(async ({ id, slug, name, stripeAccountId, connectedAt }) => ({
      app: { id, slug, name },
      stripeAccountId,
      running: await view(running.get(id)),
      last: await view(last.get(id)),
      nextDueAt:
        stripeAccountId === null || running.get(id)?.kind === "scheduled"
          ? null
          : dueAfter(connectedAt, scheduled.get(id) ?? null),
    })),
  );
}

function dueAfter(connectedAt: Date | null, started: Date | null): Date {
  const from = Math.max(connectedAt?.getTime() ?? 0, started?.getTime() ?? 0);
  return new Date(from + reconcileEveryMs);
}

/** Of each app the newest run that is running, or has ended. Those about one refund are no comparison of the books. */
async function newestRuns(
  database: Database,
  appIds: readonly string[],
  isRunning: boolean,
): Promise<ReadonlyMap<string, RunRow>> {
  const rows = await database
    .selectDistinctOn([reconciliationRuns.appId])
    .from(reconciliationRuns)
    .where(
      and(
        inArray(reconciliationRuns.appId, [...appIds]),
        isNull(reconciliationRuns.refundId),
        (isRunning ? eq : ne)(reconciliationRuns.status, "running"),
      ),
    )
    .orderBy(reconciliationRuns.appId, desc(reconciliationRuns.startedAt));
  return new Map(rows.map((run) => [run.appId, run]));
}

async function lastScheduled(
  database: Database,
  appIds: readonly string[],
): Promise<ReadonlyMap<string, Date | null>> {
  const rows = await database
    .select({ appId: reconciliationRuns.appId, startedAt: max(reconciliationRuns.startedAt) })
    .from(reconciliationRuns)
    .where(and(inArray(reconciliationRuns.appId, [...appIds]), eq(reconciliationRuns.kind, "scheduled")))
    .groupBy(reconciliationRuns.appId);
  return new Map(rows.map(({ appId, startedAt }) => [appId, startedAt]));
}

async function countDrifts(
  database: Database,
  runs: readonly RunRow[],
): Promise<ReadonlyMap<string, number>> {
  if (runs.length === 0) return new Map();
  const rows = await database
    .select({ runId: drifts.runId, count: count() })
    .from(drifts)
    .innerJoin(
      reconciliationRuns,
      // What the run found of another app's refunds is that app's.
      and(eq(reconciliationRuns.id, drifts.runId), eq(reconciliationRuns.appId, drifts.appId)),
    )
    .where(
      inArray(
        drifts.runId,
        runs.map(({ id }) => id),
      ),
    )
    .groupBy(drifts.runId);
  return new Map(rows.map(({ runId, count: found }) => [runId, found]));
}

async function viewOf(
  database: Database,
  run: RunRow,
  counts: ReadonlyMap<string, number>,
): Promise<RunView> {
  const { id, kind, status, phase, since, until, lastError, startedAt, finishedAt } = run;
  const { refundsListed, refundsAsked, eventsListed, eventsPulled, sentAgain } = run;
  return {
    ...{ id, kind, status, phase, since, until, lastError, startedAt, finishedAt },
    ...{ refundsListed, refundsAsked, eventsListed, eventsPulled, sentAgain },
    progress: await progressOf({ database }, run),
    driftCount: counts.get(id) ?? 0,
    waitsUntil: run.attemptCount > 0 ? run.nextAttemptAt : null,
  };
}
