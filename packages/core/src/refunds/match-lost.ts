import type { Transaction } from "@redress/database";
import { isInLostTime } from "../restore/restored-time.ts";
import type { PurchaseRow, RefundRow } from "./refund-row.ts";
import type { StripeRefundSnapshot } from "./stripe-refund.ts";

/** A request of ours that a restore from a backup has lost, wholly or as far as it was decided. */
export interface LostRequest {
  readonly id: string;
  /** As the backup has it, undecided: nobody's approval of it is known. Locked. */
  readonly undecided?: RefundRow;
}

/**
 * Matches a refund that carries our metadata and was made in the time between a backup and its restore. Only of that
 * time a row that says it never called Stripe is believed less than Stripe.
 *
 * @param found.named the row that the metadata names, locked
 * @param found.createdUnder the key under which Stripe created it, where that is known
 */
export async function matchLost(
  transaction: Transaction,
  found: {
    purchase: PurchaseRow;
    snapshot: StripeRefundSnapshot;
    refundId: string;
    named: RefundRow | undefined;
    createdUnder?: string | undefined;
  },
): Promise<{ readonly row?: RefundRow; readonly lost?: LostRequest }> {
  const { purchase, snapshot, refundId, named, createdUnder } = found;
  // Of a key that is known, its form says whether the desk made it.
  if (createdUnder !== undefined && !createdUnder.startsWith(`refund:${purchase.id}:`)) return {};
  if (!(await isInLostTime(transaction, snapshot.createdAt))) return {};
  if (named === undefined) return { lost: { id: refundId } };
  if (!couldBe(named, snapshot)) return {};
  switch (named.status) {
    case "approved":
    case "executing":
    case "blocked":
      return { row: named };
    case "requested":
    case "awaiting_approval":
      return { lost: { id: refundId, undecided: named } };
    default:
      return {};
  }
}

function couldBe(row: RefundRow, snapshot: StripeRefundSnapshot): boolean {
  return (
    row.origin === "redress" &&
    row.stripeRefundId === null &&
    row.stripeChargeId === snapshot.chargeId &&
    row.amount === snapshot.amount &&
    row.currency === snapshot.currency
  );
}
