import { type RefundStatus, refundAttempts, refunds, type Transaction } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { type LostRequest, matchLost } from "./match-lost.ts";
import type { PurchaseRow, RefundRow } from "./refund-row.ts";
import type { StripeRefundSnapshot } from "./stripe-refund.ts";

/** Our metadata key that names the refund's row. */
export const refundIdKey = "redress_refund_id";

/** Clocks of two companies differ. Stripe's events are accepted within as much. */
const clockSkewMs = 5 * 60 * 1000;

/** States in which a call that was made may still turn out to have had an effect. */
const awaitingStripe: readonly RefundStatus[] = ["executing", "blocked", "superseded", "approved"];

export interface Match {
  /** The row that the refund belongs to, locked; undefined when it was made elsewhere. */
  readonly row?: RefundRow | undefined;
  /** The row whose call made it, locked, where the key proves that and it is another row (or none is). */
  readonly madeFor?: RefundRow | undefined;
  /** The request of ours that made it, and which a restore from a backup has lost. */
  readonly lost?: LostRequest | undefined;
}

/**
 * Finds the row of a refund at Stripe. The key under which it was created proves whose call made it.
 * Metadata only says so: merchants can edit it, so account, charge, amount and currency have to agree too, and
 * it cannot be older than the first call. A row that has its Stripe refund, or that never called Stripe,
 * takes no other.
 */
export async function matchRefund(
  transaction: Transaction,
  {
    purchase,
    snapshot,
    createdUnder,
    held,
  }: {
    purchase: PurchaseRow;
    snapshot: StripeRefundSnapshot;
    createdUnder?: string | undefined;
    held?: { refund: RefundRow } | undefined;
  },
): Promise<Match> {
  const madeFor =
    createdUnder === undefined
      ? undefined
      : held?.refund.idempotencyKey === createdUnder
        ? held.refund
        : await rowOfKey(transaction, purchase, createdUnder);
  const [known] = await transaction
    .select()
    .from(refunds)
    .where(
      and(eq(refunds.stripeAccountId, purchase.stripeAccountId), eq(refunds.stripeRefundId, snapshot.id)),
    )
    .for("update");
  if (known) return known.id === madeFor?.id ? { row: known } : { row: known, madeFor };
  if (madeFor !== undefined) return couldHaveMade(madeFor, snapshot) ? { row: madeFor } : { madeFor };
  const refundId = snapshot.metadata[refundIdKey];
  if (refundId === undefined) return {};
  const named = await lockRowOf(transaction, purchase, refundId);
  const isNamed = named && couldHaveMade(named, snapshot) && isNewEnough(named, snapshot);
  if (isNamed && createdUnder === undefined) return { row: named };
  return matchLost(transaction, { purchase, snapshot, refundId, named, createdUnder });
}

/** Whether it may have been created by the refund's first call or a later one, as far as clocks agree. */
export function isNewEnough(
  { firstAttemptAt }: Pick<RefundRow, "firstAttemptAt">,
  { createdAt }: Pick<StripeRefundSnapshot, "createdAt">,
): boolean {
  return firstAttemptAt !== null && createdAt.getTime() >= firstAttemptAt.getTime() - clockSkewMs;
}

/** A refund that was approved anew has called under more than one key. */
async function rowOfKey(
  transaction: Transaction,
  purchase: PurchaseRow,
  idempotencyKey: string,
): Promise<RefundRow | undefined> {
  const [attempt] = await transaction
    .select({ refundId: refundAttempts.refundId })
    .from(refundAttempts)
    .innerJoin(refunds, eq(refunds.id, refundAttempts.refundId))
    .where(and(eq(refunds.purchaseId, purchase.id), eq(refundAttempts.idempotencyKey, idempotencyKey)))
    .limit(1);
  return attempt && lockRowOf(transaction, purchase, attempt.refundId);
}

async function lockRowOf(
  transaction: Transaction,
  purchase: PurchaseRow,
  refundId: string,
): Promise<RefundRow | undefined> {
  const [row] = await transaction
    .select()
    .from(refunds)
    .where(and(eq(refunds.id, refundId), eq(refunds.purchaseId, purchase.id)))
    .for("update");
  return row;
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
