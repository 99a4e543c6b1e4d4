import { liveRefundStatuses, refunds, type Transaction } from "@redress/database";
import { and, eq, ne, sql } from "drizzle-orm";
import type { PurchaseRow } from "./refund-row.ts";

/** Amounts in the purchase's currency, smallest unit. */
export interface Remainder {
  /** Captured − everything that is returned, on its way or reserved. Never below 0. */
  readonly left: number;
  /** What Stripe has returned or is returning, ours and foreign. */
  readonly atStripe: number;
  /** What open requests reserve. */
  readonly reserved: number;
}

/**
 * Counts what is left of a purchase. The purchase must be locked by the caller, or the answer is stale.
 * Refunds are counted one by one and never from Stripe's `amount_refunded`.
 *
 * @param exceptRefundId a refund that is judged and must not count against itself
 */
export async function remainderOf(
  transaction: Transaction,
  purchase: Pick<PurchaseRow, "id" | "amountCaptured">,
  exceptRefundId?: string,
): Promise<Remainder> {
  const atStripe = sql`${refunds.status} in ('pending', 'requires_action', 'succeeded')`;
  const live = sql`${refunds.status} in ${liveRefundStatuses}`;
  const [sums] = await transaction
    .select({
      live: sql`coalesce(sum(${refunds.amount}) filter (where ${live}), 0)`.mapWith(Number),
      atStripe: sql`coalesce(sum(${refunds.amount}) filter (where ${atStripe}), 0)`.mapWith(Number),
    })
    .from(refunds)
    .where(
      exceptRefundId === undefined
        ? eq(refunds.purchaseId, purchase.id)
        : and(eq(refunds.purchaseId, purchase.id), ne(refunds.id, exceptRefundId)),
    );
  const held = sums?.live ?? 0;
  const returned = sums?.atStripe ?? 0;
  return {
    left: Math.max(0, purchase.amountCaptured - held),
    atStripe: returned,
    reserved: held - returned,
  };
}
