import { type ReconciliationPhase, reconciliationRuns } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import { raiseAlert } from "../alerts.ts";
import { clearConnection } from "../connect/clear-connection.ts";
import { confirmNoAccess } from "../connect/confirm-access.ts";
import type { Dependencies } from "../dependencies.ts";
import { readApp } from "../refunds/refund-row.ts";
import { classifyStripeError, isStripeError, type StripeOutcome } from "../stripe/classify-error.ts";
import { askRefundsStep } from "./ask-refunds.ts";
import { compareOneStep } from "./compare-one.ts";
import { listEventsStep } from "./list-events.ts";
import { listRefundsStep } from "./list-refunds.ts";
import { progressOf } from "./progress.ts";
import {
  advanceRun,
  endRun,
  isStillConnected,
  postponeRun,
  type RunRow,
  readRun,
  restartPhase,
} from "./run.ts";
import { sendAgainStep } from "./send-again.ts";
import type { StepResult } from "./step.ts";

/** Longer than a step takes: 5 requests of 15 seconds, and what they lead to. */
const claimMs = 120_000;

/** Of tries in vain, some minutes of them. */
const mostOwnFailures = 8;

const steps: Readonly<
  Record<ReconciliationPhase, (dependencies: Dependencies, run: RunRow) => Promise<StepResult>>
> = {
  list_refunds: listRefundsStep,
  ask_refunds: askRefundsStep,
  list_events: listEventsStep,
  send_again: sendAgainStep,
};

export interface StepAnswer {
  readonly run: RunRow;
  /** Requests to Stripe that it took, for whoever paces them. */
  readonly requests: number;
  /** Of the whole run, from 0 to 1. */
  readonly progress: number;
}

/**
 * Takes a run one step further: one page of a list, or some questions. What differs is mended right away.
 * A step that a crash interrupts is taken again by whoever comes next, and changes nothing twice.
 *
 * @param options.hold keeps the run for the caller, who comes back soon; the desk goes on with it if not
 */
export async function takeStep(
  dependencies: Dependencies,
  input: { runId: string; hold?: boolean },
): Promise<StepAnswer> {
  const run = await claimRun(dependencies, input.runId);
  if (run.status !== "running") return { run, requests: 0, progress: 1 };
  let result: StepResult | null = null;
  if (await isStillConnected(dependencies, run)) {
    try {
      const step = run.refundId === null ? steps[run.phase] : compareOneStep;
      result = await step(dependencies, run);
      const now = dependencies.clock.now();
      const releaseAt = input.hold ? new Date(now.getTime() + claimMs) : now;
      await advanceRun(dependencies, run, result, releaseAt);
    } catch (error) {
      await judgeFailure(dependencies, run, error);
    }
  } else {
    await endRun(dependencies, run, "disconnected", disconnectedSentence);
  }
  const after = await readRun(dependencies, run.id);
  const progress = await progressOf(dependencies, after);
  return { run: after, requests: result?.requests ?? 1, progress };
}

const disconnectedSentence =
  "The app is not connected to this Stripe account any more. Connect it again; what was missed is compared then.";

const givenUpSentence =
  "The desk itself failed at the same step each time, so this comparison was given up; its log has the error.";

async function claimRun(dependencies: Dependencies, runId: string): Promise<RunRow> {
  const { database, clock } = dependencies;
  await database
    .update(reconciliationRuns)
    .set({ nextAttemptAt: new Date(clock.now().getTime() + claimMs) })
    .where(and(eq(reconciliationRuns.id, runId), eq(reconciliationRuns.status, "running")));
  return readRun(dependencies, runId);
}

async function judgeFailure(dependencies: Dependencies, run: RunRow, error: unknown): Promise<void> {
  if (!isStripeError(error)) return judgeOwnFailure(dependencies, run, error);
  const outcome = classifyStripeError(error);
  const lastError = outcome.message;
  switch (outcome.kind) {
    case "later":
      return postponeRun(dependencies, run, { lastError, atLeastMs: outcome.retryAfterMs });
    case "no_access":
      return judgeNoAccess(dependencies, run, lastError);
    case "unknown":
      if (outcome.alarm) alarm(dependencies, run, outcome);
      return postponeRun(dependencies, run, { lastError, atLeastMs: null });
    default:
      if (outcome.stripeCode === "resource_missing" && run.cursor !== null)
        return restartPhase(dependencies, run);
      return endRun(dependencies, run, "failed", lastError);
  }
}

/** Our database's error, or a defect of ours: what does not pass by itself must not keep later runs out. */
async function judgeOwnFailure(dependencies: Dependencies, run: RunRow, error: unknown): Promise<void> {
  const { id: runId, appId, phase } = run;
  const facts = { err: error, runId, appId, phase };
  if (run.attemptCount + 1 < mostOwnFailures) {
    dependencies.logger.error(facts, "A step of a reconciliation failed. It is tried again.");
    // Its own words may hold what a statement was about.
    const lastError = "The desk itself failed at this step; its log has the error. It is tried again.";
    return postponeRun(dependencies, run, { lastError, atLeastMs: null });
  }
  await endRun(dependencies, run, "failed", givenUpSentence);
  raiseAlert(dependencies, "comparison_failed", facts, givenUpSentence);
}

async function judgeNoAccess(dependencies: Dependencies, run: RunRow, lastError: string): Promise<void> {
  const { stripeAccountId: accountId, appId, id: correlationId } = run;
  const { connectedAt } = await readApp(dependencies.database, appId);
  const access = await confirmNoAccess(dependencies, { accountId });
  if (access !== "lost" || connectedAt === null) {
    return postponeRun(dependencies, run, { lastError, atLeastMs: null });
  }
  await dependencies.database.transaction((transaction) =>
    clearConnection(dependencies, transaction, {
      accountId,
      connectedAt,
      reason: "access_lost",
      actor: systemActor("reconciliation"),
      correlationId,
    }),
  );
  await endRun(dependencies, run, "disconnected", disconnectedSentence);
}

function alarm(dependencies: Dependencies, run: RunRow, outcome: StripeOutcome): void {
  const { id: runId, appId } = run;
  raiseAlert(
    dependencies,
    "stripe_answer_unexpected",
    { runId, appId, stripeRequestId: outcome.requestId },
    "Stripe's answer to a reconciliation points to a fault in our key or program. It is tried again.",
  );
}
