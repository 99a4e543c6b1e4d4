import { refundAttempts, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import { clearConnection } from "../connect/clear-connection.ts";
import type { Dependencies } from "../dependencies.ts";
import { alertAfterSettling } from "./alert-after-settling.ts";
import type { Attempt } from "./begin-attempt.ts";
import { blockRefund } from "./block-refund.ts";
import { changeRefund, updateProgress } from "./change-refund.ts";
import type { ExecutionAnswer } from "./execution-answer.ts";
import { executor } from "./executor.ts";
import type { LostConnection, Verdict } from "./judge-outcome.ts";
import { noteDispute } from "./note-dispute.ts";
import { lockKnownRefund, type PurchaseRow, type RefundRow } from "./refund-row.ts";
import { settleAnswer } from "./settle-answer.ts";
import type { Settled } from "./settle-refund.ts";

/** What the attempt's row keeps of the call. */
export type AttemptResult = Partial<
  Pick<
    typeof refundAttempts.$inferInsert,
    | "outcome"
    | "httpStatus"
    | "errorCode"
    | "errorMessage"
    | "stripeRequestId"
    | "stripeRefundId"
    | "replayed"
  >
>;

interface Finish {
  readonly attempt: Attempt;
  readonly result: AttemptResult;
  readonly verdict: Verdict;
  readonly correlationId: string;
}

/**
 * Writes what came of a call, and moves the row, in one transaction. If a webhook settled the refund in
 * the meantime, or another worker took it over, only Stripe's own refund still counts.
 */
export async function finishAttempt(dependencies: Dependencies, finish: Finish): Promise<ExecutionAnswer> {
  let settled: Settled | undefined;
  const answer = await dependencies.database.transaction(async (transaction) => {
    const { attempt, verdict } = finish;
    const { purchase, refund } = await lockKnownRefund(transaction, attempt.refund);
    await completeAttempt(dependencies, transaction, attempt, finish.result);
    if (verdict.kind === "settle") {
      const { stripeRefund } = verdict;
      const isCallsOwn = attempt.kind === "create" && finish.result.outcome === "accepted";
      const held = { purchase, refund };
      const answer = await settleAnswer(dependencies, transaction, {
        ...{ ...finish, stripeRefund, isCallsOwn, held },
      });
      settled = answer.settled;
      return answer.answer;
    }
    const holdsLease = refund.leaseUntil?.getTime() === attempt.refund.leaseUntil?.getTime();
    if (refund.status !== "executing") return "settled";
    if (!holdsLease) return "again";
    return applyVerdict(dependencies, transaction, { ...finish, verdict, purchase, refund });
  });
  if (settled) alertAfterSettling(dependencies, settled);
  dependencies.wakeOutbox();
  return answer;
}

/** Completes the row of a call on its own, when another call follows under the same lease. */
export async function completeAttempt(
  dependencies: Pick<Dependencies, "clock">,
  database: Pick<Transaction, "update">,
  attempt: Attempt,
  result: AttemptResult,
): Promise<void> {
  await database
    .update(refundAttempts)
    .set({ ...result, finishedAt: dependencies.clock.now() })
    .where(eq(refundAttempts.id, attempt.id));
}

type Applied = Omit<Finish, "verdict"> & {
  readonly verdict: Exclude<Verdict, { kind: "settle" }>;
  readonly purchase: PurchaseRow;
  readonly refund: RefundRow;
};

async function applyVerdict(
  dependencies: Dependencies,
  transaction: Transaction,
  applied: Applied,
): Promise<ExecutionAnswer> {
  const { verdict, refund, correlationId } = applied;
  switch (verdict.kind) {
    case "refuse":
      await changeRefund(dependencies, transaction, {
        refund,
        to: "refused",
        set: {
          outcomeUnknown: false,
          leaseUntil: null,
          nextAttemptAt: null,
          refusedCode: verdict.code,
          refusedMessage: verdict.message,
          settledAt: dependencies.clock.now(),
        },
        actor: executor,
        action: "refund_refused",
        correlationId,
        details: { refusedCode: verdict.code },
      });
      return "stopped";
    case "block":
      await blockRefund(dependencies, transaction, { refund, blockedCode: verdict.code, correlationId });
      if (verdict.lostConnection)
        await disconnect(dependencies, transaction, applied, verdict.lostConnection);
      if (verdict.code === "dispute_open")
        await noteDispute(dependencies, transaction, { ...applied, dispute: verdict.dispute });
      return "stopped";
    case "wait":
      return applyWait(dependencies, transaction, { ...applied, verdict });
  }
}

async function applyWait(
  dependencies: Dependencies,
  transaction: Transaction,
  applied: Applied & { verdict: Extract<Verdict, { kind: "wait" }> },
): Promise<ExecutionAnswer> {
  const { verdict, refund, attempt, correlationId } = applied;
  await updateProgress(dependencies, transaction, refund, {
    outcomeUnknown: verdict.outcomeUnknown,
    nextAttemptAt: verdict.until,
    leaseUntil: null,
  });
  // The first of them says it, and the one that stops; the attempts in between have rows of their own.
  if (verdict.outcomeUnknown && (!attempt.earlierUnknown || verdict.until === null)) {
    await recordAudit(dependencies, transaction, {
      actor: executor,
      action: "refund_outcome_unknown",
      correlationId,
      appId: refund.appId,
      purchaseId: refund.purchaseId,
      refundId: refund.id,
      details: {
        reason: verdict.reason,
        retriesStopped: verdict.until === null,
        ...(verdict.suspect === undefined ? {} : { stripeRefundId: verdict.suspect }),
      },
    });
  }
  if (verdict.lostConnection) await disconnect(dependencies, transaction, applied, verdict.lostConnection);
  return verdict.until === null ? "stopped" : "again";
}

async function disconnect(
  dependencies: Dependencies,
  transaction: Transaction,
  { refund, correlationId }: Pick<Applied, "refund" | "correlationId">,
  { connectedAt }: LostConnection,
): Promise<void> {
  await clearConnection(dependencies, transaction, {
    accountId: refund.stripeAccountId,
    connectedAt,
    reason: "access_lost",
    actor: executor,
    correlationId,
  });
}
