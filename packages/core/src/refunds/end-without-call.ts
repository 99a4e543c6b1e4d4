import { auditLogs, refunds, type Transaction } from "@redress/database";
import { and, eq, sql } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { formatMoney } from "../money.ts";
import { blockageOf, blockedSentences } from "./blockage.ts";
import { changeRefund } from "./change-refund.ts";
import { type PurchaseRow, type RefundRow, readApp } from "./refund-row.ts";
import { remainderOf } from "./remainder.ts";

/** What the audit log names for steps of the execution. */
export const executor = systemActor("execute_refund");

/**
 * Judges an approved refund right before its first call, in the transaction of the intention.
 *
 * @returns true when it cannot run; the row is blocked or refused then, and says why
 */
export async function endWithoutCall(
  dependencies: Dependencies,
  transaction: Transaction,
  { purchase, refund, correlationId }: { purchase: PurchaseRow; refund: RefundRow; correlationId: string },
): Promise<boolean> {
  const change = { refund, actor: executor, correlationId };
  const blockedCode = blockageOf(purchase, await readApp(transaction, refund.appId));
  if (blockedCode !== null) {
    await changeRefund(dependencies, transaction, {
      ...change,
      to: "blocked",
      set: { blockedCode, nextAttemptAt: nextJudgement(dependencies), leaseUntil: null },
      action: "refund_blocked",
      details: { blockedCode, explanation: blockedSentences[blockedCode] },
    });
    return true;
  }
  const refused =
    (await refusedBecauseReplaced(transaction, refund)) ??
    (await refusedForLack(transaction, purchase, refund));
  if (refused === null) return false;
  await changeRefund(dependencies, transaction, {
    ...change,
    to: "refused",
    set: { ...refused, nextAttemptAt: null, leaseUntil: null, settledAt: dependencies.clock.now() },
    action: "refund_refused",
    details: { refusedCode: refused.refusedCode },
  });
  return true;
}

interface Refusal {
  readonly refusedCode: string;
  readonly refusedMessage: string;
}

/** The refund that this one replaces has turned up at Stripe after all: sending this one would pay twice. */
async function refusedBecauseReplaced(transaction: Transaction, refund: RefundRow): Promise<Refusal | null> {
  const [entry] = await transaction
    .select({ stripeRefundId: refunds.stripeRefundId })
    .from(auditLogs)
    .innerJoin(refunds, eq(refunds.id, sql`${auditLogs.details} ->> 'supersedes'`))
    .where(and(eq(auditLogs.refundId, refund.id), eq(auditLogs.action, "refund_requested")));
  if (!entry?.stripeRefundId) return null;
  return {
    refusedCode: "replaced_refund_found",
    refusedMessage: `Stripe has the refund that this one was to replace, ${entry.stripeRefundId}: the customer is paid by that one.`,
  };
}

/** The merchant has refunded in the meantime. Asking Stripe for what is gone could only fail. */
async function refusedForLack(
  transaction: Transaction,
  purchase: PurchaseRow,
  refund: RefundRow,
): Promise<Refusal | null> {
  const { left, atStripe } = await remainderOf(transaction, purchase, refund.id);
  if (refund.amount <= left) return null;
  const money = formatMoney({ amount: left, currency: refund.currency });
  return {
    refusedCode: atStripe >= purchase.amountCaptured ? "already_refunded" : "amount_exceeds_remaining",
    refusedMessage: `Other refunds of this purchase came first: only ${money} is left.`,
  };
}

/** When a blocked refund is judged again, should the news that frees it be lost. */
export function nextJudgement(dependencies: Pick<Dependencies, "clock">): Date {
  return new Date(dependencies.clock.now().getTime() + 60 * 60 * 1000);
}
