import { setTimeout as delay } from "node:timers/promises";
import type { Dependencies } from "@redress/core/dependencies";
import type { RunRow } from "@redress/core/reconciliation/run";
import { takeStep } from "@redress/core/reconciliation/take-step";
import { spendShare, takeShare } from "@redress/core/stripe/request-share";
import { counted, type Progress } from "./terminal.ts";

/** After this many tries in vain, one after the other, Stripe is out of reach for now. */
const mostFailures = 5;

/**
 * Takes a run to its end, at the pace that all processes of this desk have in common.
 *
 * @param stopping aborted when the person wants to stop: the step under way is finished first
 */
export async function takeSteps(
  dependencies: Dependencies,
  runId: string,
  progress: Progress,
  stopping: AbortSignal,
): Promise<RunRow> {
  const pause = (ms: number) => delay(ms, undefined, { signal: stopping }).catch(() => undefined);
  for (;;) {
    for (;;) {
      const waitMs = await takeShare(dependencies, "reconciliation");
      if (waitMs === 0 || stopping.aborted) break;
      await pause(waitMs);
    }
    const { run, requests, progress: share } = await takeStep(dependencies, { runId, hold: true });
    await spendShare(dependencies, "reconciliation", requests - 1);
    const { refundsListed, refundsAsked, eventsListed } = run;
    progress.show(
      share,
      `${counted(refundsListed + refundsAsked, "refund")}, ${counted(eventsListed, "event")}`,
    );
    if (run.status !== "running" || stopping.aborted) return run;
    if (run.attemptCount >= mostFailures) return run;
    if (run.attemptCount > 0) {
      const waitMs = Math.max(0, (run.nextAttemptAt?.getTime() ?? 0) - dependencies.clock.now().getTime());
      progress.say(`Put off: ${run.lastError} Going on in ${Math.ceil(waitMs / 1_000)} s.`);
      await pause(waitMs);
    }
  }
}
