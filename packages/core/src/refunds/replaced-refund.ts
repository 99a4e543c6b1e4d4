import { type RefundStatus, refunds, type Transaction } from "@redress/database";
import { eq, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { nextAttempt } from "./back-off.ts";
import { changeRefund, updateProgress } from "./change-refund.ts";
import type { ExecutionAnswer } from "./execution-answer.ts";
import { executor } from "./executor.ts";
import type { AttemptRow, RefundRow } from "./refund-row.ts";
import { keyLifeMs } from "./stripe-key.ts";

/**
 * The Stripe refund of what this refund replaces, or of what that one replaced, or null. Read under the lock of
 * the purchase it stays true until the commit: news of refunds is written under the same lock.
 */
export async function findReplaced(transaction: Transaction, refund: RefundRow): Promise<string | null> {
  if (refund.replacesRefundId === null) return null;
  const [found] = await transaction
    .select({ id: sql<string | null>`replaced_stripe_refund(${refunds.id})` })
    .from(refunds)
    .where(eq(refunds.id, refund.id));
  return found?.id ?? null;
}

/** The refund that this one was to replace has turned up at Stripe: sending this one would pay twice. */
export async function refuseReplaced(
  dependencies: Dependencies,
  transaction: Transaction,
  step: { refund: RefundRow; correlationId: string; stripeRefundId: string },
): Promise<void> {
  const { refund, correlationId, stripeRefundId } = step;
  const refusedCode = "replaced_refund_found";
  await changeRefund(dependencies, transaction, {
    refund,
    to: "refused" satisfies RefundStatus,
    set: {
      refusedCode,
      refusedMessage: `Stripe has the refund that this one was to replace, ${stripeRefundId}: the customer is paid by that one.`,
      outcomeUnknown: false,
      nextAttemptAt: null,
      leaseUntil: null,
      settledAt: dependencies.clock.now(),
    },
    actor: executor,
    action: "refund_refused",
    correlationId,
    details: { refusedCode, stripeRefundId },
  });
}

/**
 * What is left to do for a replacement that has called Stripe when what it replaces turned up there. If none of
 * its calls can have had an effect it is refused. Otherwise it is only looked for from now on, and refused
 * once a look-up finds nothing a day after its last call: later than that no call takes effect.
 *
 * @param input.attempts of its key, oldest first
 * @param input.justLookedUp a look-up that found nothing ends here; the next one comes after a pause
 * @returns how the run ends, or `look_up`
 */
export async function endReplaced(
  dependencies: Dependencies,
  transaction: Transaction,
  input: {
    refund: RefundRow;
    correlationId: string;
    stripeRefundId: string;
    attempts: readonly AttemptRow[];
    justLookedUp: boolean;
  },
): Promise<ExecutionAnswer | "look_up"> {
  const { refund, attempts } = input;
  if (!refund.outcomeUnknown || isSurelyWithout(attempts)) {
    await refuseReplaced(dependencies, transaction, input);
    return "stopped";
  }
  if (!input.justLookedUp) return "look_up";
  const { attemptCount } = refund;
  const pause = { now: dependencies.clock.now(), attemptCount };
  const nextAttemptAt = nextAttempt(dependencies.random, pause);
  await updateProgress(dependencies, transaction, refund, { nextAttemptAt, leaseUntil: null });
  return "again";
}

function isSurelyWithout(attempts: readonly AttemptRow[]): boolean {
  const lastCreate = attempts.findLast(({ kind }) => kind === "create");
  const last = attempts.at(-1);
  return (
    lastCreate !== undefined &&
    last?.kind === "look_up" &&
    last.errorCode === "nothing_found" &&
    last.startedAt.getTime() - lastCreate.startedAt.getTime() > keyLifeMs
  );
}
