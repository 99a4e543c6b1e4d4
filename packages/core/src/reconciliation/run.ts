import { apps, type ReconciliationPhase, reconciliationPhases, reconciliationRuns } from "@redress/database";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { nextAttempt } from "../refunds/back-off.ts";

export type RunRow = typeof reconciliationRuns.$inferSelect;

/** What a step adds to the run's counts. */
export type Counts = Partial<
  Record<"refundsListed" | "refundsAsked" | "eventsListed" | "eventsPulled" | "sentAgain", number>
>;

/** How far a step has come: a new cursor in the same phase, or the next phase. */
export interface Advance {
  /** Null when nothing of this phase is left. */
  readonly cursor: string | null;
  readonly counts: Counts;
  /** How far back the list has come. */
  readonly reachedAt?: Date;
}

type RunDependencies = Pick<Dependencies, "database" | "clock">;

export async function readRun({ database }: RunDependencies, runId: string): Promise<RunRow> {
  const [run] = await database.select().from(reconciliationRuns).where(eq(reconciliationRuns.id, runId));
  if (!run) throw new Error(`there is no reconciliation ${runId}`);
  return run;
}

/** The account that the run compares is the one that its app is connected to now. */
export async function isStillConnected({ database }: RunDependencies, run: RunRow): Promise<boolean> {
  const [app] = await database
    .select({ id: apps.id })
    .from(apps)
    .where(and(eq(apps.id, run.appId), eq(apps.stripeAccountId, run.stripeAccountId)));
  return app !== undefined;
}

/**
 * Moves the run forward if no other process has: a page that two processes took in is counted once.
 *
 * @param releaseAt when another process may go on with it
 */
export async function advanceRun(
  dependencies: RunDependencies,
  run: RunRow,
  { cursor, counts, reachedAt }: Advance,
  releaseAt: Date,
): Promise<void> {
  const now = dependencies.clock.now();
  const next = cursor === null ? phaseAfter(run) : run.phase;
  const end = next === null ? { status: "done" as const, finishedAt: now } : { phase: next };
  await dependencies.database
    .update(reconciliationRuns)
    .set({
      cursor,
      reachedAt: cursor === null ? null : (reachedAt ?? null),
      ...end,
      nextAttemptAt: next === null ? null : releaseAt,
      refundsListed: sql`${reconciliationRuns.refundsListed} + ${counts.refundsListed ?? 0}`,
      refundsAsked: sql`${reconciliationRuns.refundsAsked} + ${counts.refundsAsked ?? 0}`,
      eventsListed: sql`${reconciliationRuns.eventsListed} + ${counts.eventsListed ?? 0}`,
      eventsPulled: sql`${reconciliationRuns.eventsPulled} + ${counts.eventsPulled ?? 0}`,
      sentAgain: sql`${reconciliationRuns.sentAgain} + ${counts.sentAgain ?? 0}`,
      attemptCount: 0,
      lastError: null,
      updatedAt: now,
    })
    .where(isSameStep(run));
}

/** A run about one refund has no other phase. */
function phaseAfter({ phase, refundId }: RunRow): ReconciliationPhase | null {
  if (refundId !== null) return null;
  return reconciliationPhases[reconciliationPhases.indexOf(phase) + 1] ?? null;
}

/** Ends a run that cannot go on, with the sentence that says why. */
export async function endRun(
  { database, clock }: RunDependencies,
  run: RunRow,
  status: "disconnected" | "failed",
  lastError: string,
): Promise<void> {
  const now = clock.now();
  await database
    .update(reconciliationRuns)
    .set({ status, lastError, finishedAt: now, nextAttemptAt: null, updatedAt: now })
    .where(isSameStep(run));
}

/** The same step again later: doubling from two seconds, or when Stripe said. */
export async function postponeRun(
  { database, clock, random }: RunDependencies & Pick<Dependencies, "random">,
  run: RunRow,
  { lastError, atLeastMs }: { lastError: string; atLeastMs: number | null },
): Promise<void> {
  const now = clock.now();
  const attemptCount = run.attemptCount + 1;
  await database
    .update(reconciliationRuns)
    .set({
      attemptCount,
      lastError,
      nextAttemptAt: nextAttempt(random, { now, attemptCount, atLeastMs }),
      updatedAt: now,
    })
    .where(isSameStep(run));
}

/** Lists the phase from its start: the place in Stripe's list that the run had come to is gone. */
export async function restartPhase({ database, clock }: RunDependencies, run: RunRow): Promise<void> {
  const now = clock.now();
  await database
    .update(reconciliationRuns)
    .set({ cursor: null, reachedAt: null, nextAttemptAt: now, updatedAt: now })
    .where(isSameStep(run));
}

function isSameStep({ id, phase, cursor }: RunRow) {
  return and(
    eq(reconciliationRuns.id, id),
    eq(reconciliationRuns.status, "running"),
    eq(reconciliationRuns.phase, phase),
    cursor === null ? isNull(reconciliationRuns.cursor) : eq(reconciliationRuns.cursor, cursor),
  );
}
