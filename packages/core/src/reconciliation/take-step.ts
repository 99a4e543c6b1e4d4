import { type ReconciliationPhase, reconciliationRuns } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import { raiseAlert } from "../alerts.ts";
import { clearConnection } from "../connect/clear-connection.ts";
import { confirmNoAccess } from "../connect/confirm-access.ts";
import type { Dependencies } from "../dependencies.ts";
import { readApp } from "../refunds/refund-row.ts";
import { classifyStripeError, type StripeOutcome } from "../stripe/classify-error.ts";
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

async function claimRun(dependencies: Dependencies, runId: string): Promise<RunRow> {
  const { database, clock } = dependencies;
  await database
    .update(reconciliationRuns)
    .set({ nextAttemptAt: new Date(clock.now().getTime() + claimMs) })
    .where(and(eq(reconciliationRuns.id, runId), eq(reconciliationRuns.status, "running")));
  return readRun(dependencies, runId);
}

async function judgeFailure(dependencies: Dependencies, run: RunRow, error: unknown): Promise<void> {
  const outcome = classifyStripeError(error);
  // Not Stripe's: our database, or a defect.
  if (outcome.kind === "unknown" && outcome.reason === "unexpected_answer" && outcome.httpStatus === null) {
    throw error;
  }
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
