import type { Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import type { Attempt } from "./begin-attempt.ts";
import { changeRefund } from "./change-refund.ts";
import type { ExecutionAnswer } from "./execution-answer.ts";
import { executor } from "./executor.ts";
import { lockRefund, type PurchaseRow, type RefundRow } from "./refund-row.ts";
import { type Settled, settleInTransaction } from "./settle-refund.ts";

interface Answer {
  readonly attempt: Attempt;
  readonly stripeRefund: unknown;
  /** Whether it is what Stripe answered the call with; otherwise it was found by its metadata. */
  readonly isCallsOwn: boolean;
  readonly correlationId: string;
  readonly held: { readonly purchase: PurchaseRow; readonly refund: RefundRow };
}

/** What a call itself was answered with is ours, whatever its metadata says. What was found is judged by that. */
export async function settleAnswer(
  dependencies: Dependencies,
  transaction: Transaction,
  answer: Answer,
): Promise<{ answer: ExecutionAnswer; settled: Settled }> {
  const { attempt, stripeRefund, isCallsOwn, correlationId, held } = answer;
  const settled = await settleInTransaction(dependencies, transaction, {
    ...{ stripeRefund, held },
    accountId: attempt.refund.stripeAccountId,
    source: "stripe_api",
    correlationId,
    fresh: false,
    ...(isCallsOwn && attempt.refund.idempotencyKey !== null
      ? { createdUnder: attempt.refund.idempotencyKey }
      : {}),
  });
  if (settled.refundId === attempt.refund.id) return { answer: "settled", settled };
  if (settled.refundId === null) {
    throw new Error(`Stripe's answer to refund ${attempt.refund.id} is of another charge than its own`);
  }
  return { answer: await endOurs(dependencies, transaction, answer, settled.refundId), settled };
}

async function endOurs(
  dependencies: Dependencies,
  transaction: Transaction,
  { attempt, isCallsOwn, correlationId }: Answer,
  settledAs: string,
): Promise<ExecutionAnswer> {
  const { refund } = await lockRefund(transaction, attempt.refund.id);
  if (refund.status !== "executing") return "settled";
  // Taken in as foreign since it was found: metadata alone ends nothing, the next look-up asks a person.
  if (!isCallsOwn) return "again";
  // It was taken in as foreign before (its metadata was changed): that row is the fact, ours sends no more.
  await changeRefund(dependencies, transaction, {
    refund,
    to: "superseded",
    set: { outcomeUnknown: false, nextAttemptAt: null, leaseUntil: null },
    actor: executor,
    action: "refund_superseded",
    correlationId,
    details: { settledAs },
  });
  return "settled";
}
