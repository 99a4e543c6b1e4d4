import { reconciliationRuns } from "@redress/database";
import { and, asc, eq, lte } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { spendShare, takeShare } from "../stripe/request-share.ts";
import { startDueRuns } from "./start-run.ts";
import { takeStep } from "./take-step.ts";

/** What one sweep may spend before the sweeper sees to the rest of its work. */
const requestsASweep = 20;
const longestMs = 5_000;

/**
 * Starts the runs that are due and takes each in turn some steps further, until this sweep has spent what
 * it may, or all processes together have. The next sweep, or the next process, goes on from there.
 */
export async function reconcileDue(dependencies: Dependencies): Promise<void> {
  await startDueRuns(dependencies);
  const { database, clock } = dependencies;
  const end = clock.now().getTime() + longestMs;
  let requests = 0;
  while (requests < requestsASweep && clock.now().getTime() < end) {
    const [due] = await database
      .select({ id: reconciliationRuns.id })
      .from(reconciliationRuns)
      .where(
        and(eq(reconciliationRuns.status, "running"), lte(reconciliationRuns.nextAttemptAt, clock.now())),
      )
      .orderBy(asc(reconciliationRuns.nextAttemptAt), asc(reconciliationRuns.id))
      .limit(1);
    if (!due) return;
    if ((await takeShare(dependencies, "reconciliation")) > 0) return;
    const step = await takeStep(dependencies, { runId: due.id });
    await spendShare(dependencies, "reconciliation", step.requests - 1);
    // A step without a request counts too: nothing may keep a sweep for ever.
    requests += Math.max(1, step.requests);
  }
}
