import type { Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { formatMoney } from "../money.ts";
import { blockageOf, blockedSentences } from "./blockage.ts";
import { changeRefund } from "./change-refund.ts";
import { executor } from "./executor.ts";
import { type PurchaseRow, type RefundRow, readApp } from "./refund-row.ts";
import { remainderOf } from "./remainder.ts";
import { findReplaced, refuseReplaced } from "./replaced-refund.ts";

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
  const stripeRefundId = await findReplaced(transaction, refund);
  if (stripeRefundId !== null) {
    await refuseReplaced(dependencies, transaction, { refund, correlationId, stripeRefundId });
    return true;
  }
  const refused = await refusedForLack(transaction, purchase, refund);
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
