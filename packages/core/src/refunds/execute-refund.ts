import { raiseAlert } from "../alerts.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Attempt, beginAttempt } from "./begin-attempt.ts";
import { type CreateOutcome, createAtStripe } from "./create-at-stripe.ts";
import type { ExecutionAnswer } from "./execution-answer.ts";
import { type AttemptResult, completeAttempt, finishAttempt } from "./finish-attempt.ts";
import { judgeLookUp, judgeOutcome, type Verdict } from "./judge-outcome.ts";
import { lookUpRefund } from "./look-up-refund.ts";
import { resumeIfDue } from "./resume-refunds.ts";

interface Execution {
  readonly refundId: string;
  readonly correlationId: string;
}

/**
 * Runs an approved refund one step further: at most one call that creates. Safe to call at any time, from
 * any number of workers, and again after a crash at any point.
 *
 * @returns `settled` Stripe has the refund (it may still be pending there); `again` not yet, the row says
 *   when in `nextAttemptAt`; `stopped` nothing more happens by itself: refused, blocked, or not approved
 * @throws RedressError `refund_not_found`, `approval_missing`
 */
export async function executeRefund(
  dependencies: Dependencies,
  execution: Execution,
): Promise<ExecutionAnswer> {
  await resumeIfDue(dependencies, execution);
  const begun = await beginAttempt(dependencies, execution);
  if (typeof begun === "string") return begun;
  return begun.kind === "look_up"
    ? lookUpThenCreate(dependencies, begun, execution)
    : callStripe(dependencies, begun, execution);
}

/**
 * Makes the one call that an attempt is the intention of, and writes what came of it.
 *
 * @returns as `executeRefund`
 */
export async function callStripe(
  dependencies: Dependencies,
  attempt: Attempt,
  { correlationId }: { readonly correlationId: string },
): Promise<ExecutionAnswer> {
  const outcome = await createAtStripe(dependencies, attempt.refund);
  if (outcome.kind === "unknown" && outcome.alarm) {
    raiseAlert(
      dependencies,
      "stripe_answer_unexpected",
      { refundId: attempt.refund.id, reason: outcome.reason, stripeRequestId: outcome.requestId },
      "Stripe's answer to a refund points to a fault in our key or program. The refund stays unknown and is tried again.",
    );
  }
  const verdict = await judgeOutcome(dependencies, { attempt, outcome, correlationId });
  return finishAttempt(dependencies, { attempt, verdict, result: resultOf(outcome), correlationId });
}

/** Before a late attempt: Stripe may have forgotten the key, but not the refund. */
async function lookUpThenCreate(
  dependencies: Dependencies,
  attempt: Attempt,
  execution: Execution,
): Promise<ExecutionAnswer> {
  const { correlationId } = execution;
  const found = await lookUpRefund(dependencies, attempt.refund, correlationId);
  if (found.kind === "none" && attempt.maySend) {
    await completeAttempt(dependencies, dependencies.database, attempt, nothingFound);
    const begun = await beginAttempt(dependencies, { ...execution, heldLease: attempt.refund.leaseUntil });
    return typeof begun === "string" ? begun : callStripe(dependencies, begun, execution);
  }
  const verdict: Verdict =
    found.kind === "found"
      ? { kind: "settle", stripeRefund: found.stripeRefund }
      : await judgeLookUp(dependencies, attempt, found);
  const result: AttemptResult =
    found.kind === "found"
      ? { outcome: "accepted", httpStatus: 200 }
      : found.kind === "failed"
        ? resultOf(found.outcome)
        : found.kind === "unclear"
          ? { outcome: "unknown", httpStatus: 200, errorCode: "equal_refund_unattributed" }
          : nothingFound;
  return finishAttempt(dependencies, { attempt, verdict, result, correlationId });
}

const nothingFound: AttemptResult = { httpStatus: 200, errorCode: "nothing_found" };

function resultOf(outcome: CreateOutcome): AttemptResult {
  const facts = {
    outcome: outcome.kind,
    httpStatus: outcome.httpStatus,
    stripeRequestId: outcome.requestId,
    replayed: outcome.replayed,
  };
  if (outcome.kind === "accepted") return { ...facts, stripeRefundId: outcome.stripeRefund.id };
  return {
    ...facts,
    errorCode: outcome.stripeCode ?? ("reason" in outcome ? outcome.reason : null),
    errorMessage: outcome.message,
  };
}
