import { type RefundStatus, refunds, type Transaction } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { PurchaseRow, RefundRow } from "./refund-row.ts";
import type { StripeRefundSnapshot } from "./stripe-refund.ts";

/** Our metadata key that names the refund's row. */
export const refundIdKey = "redress_refund_id";

/** States in which a call that was made may still turn out to have had an effect. */
const awaitingStripe: readonly RefundStatus[] = ["executing", "blocked", "superseded", "approved"];

/**
 * The row that a refund at Stripe belongs to, locked; undefined when it was made elsewhere. Merchants can
 * edit metadata, so account, charge, amount and currency have to agree too, and a row that has its
 * Stripe refund, or that never called Stripe, takes no other.
 */
export async function matchRefund(
  transaction: Transaction,
  {
    purchase,
    snapshot,
    answerTo,
  }: { purchase: PurchaseRow; snapshot: StripeRefundSnapshot; answerTo?: string | undefined },
): Promise<RefundRow | undefined> {
  const [known] = await transaction
    .select()
    .from(refunds)
    .where(
      and(eq(refunds.stripeAccountId, purchase.stripeAccountId), eq(refunds.stripeRefundId, snapshot.id)),
    )
    .for("update");
  if (known) return known;
  const refundId = answerTo ?? snapshot.metadata[refundIdKey];
  if (refundId === undefined) return undefined;
  const [named] = await transaction
    .select()
    .from(refunds)
    .where(and(eq(refunds.id, refundId), eq(refunds.purchaseId, purchase.id)))
    .for("update");
  return named && couldHaveMade(named, snapshot) ? named : undefined;
}

function couldHaveMade(row: RefundRow, snapshot: StripeRefundSnapshot): boolean {
  return (
    row.origin === "redress" &&
    row.stripeRefundId === null &&
    row.attemptCount > 0 &&
    awaitingStripe.includes(row.status) &&
    row.stripeChargeId === snapshot.chargeId &&
    row.amount === snapshot.amount &&
    row.currency === snapshot.currency
  );
}
