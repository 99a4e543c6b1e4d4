import { reconciliationRuns } from "@redress/database";
import { and, asc, eq, lte } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { startDueRuns } from "./start-run.ts";
import { takeStep } from "./take-step.ts";

/**
 * What one sweep may spend: with a sweep every five seconds this stays under a fifth of Stripe's 25
 * requests a second, so that refunds are never slowed down by their reconciliation.
 */
const requestsASweep = 20;
const longestMs = 5_000;

/**
 * Starts the runs that are due and takes each in turn some steps further, until the sweep's share is
 * spent. The next sweep, or the next process, goes on from there.
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
    // A step without a request counts too: nothing may keep a sweep for ever.
    requests += Math.max(1, (await takeStep(dependencies, { runId: due.id })).requests);
  }
}
