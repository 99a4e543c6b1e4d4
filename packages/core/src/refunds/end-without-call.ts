import type { Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { formatMoney } from "../money.ts";
import { blockRefund } from "./block-refund.ts";
import { blockageOf } from "./blockage.ts";
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
  const blockedCode = blockageOf(purchase, await readApp(transaction, refund.appId, { share: true }));
  if (blockedCode !== null) {
    await blockRefund(dependencies, transaction, { refund, blockedCode, correlationId });
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
    refund,
    to: "refused",
    set: { ...refused, nextAttemptAt: null, leaseUntil: null, settledAt: dependencies.clock.now() },
    actor: executor,
    action: "refund_refused",
    correlationId,
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
