import { purchases, refunds, type Transaction } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { alertAfterSettling } from "../refunds/alert-after-settling.ts";
import type { SettleSource } from "../refunds/confirm-refund.ts";
import { refreshRefund } from "../refunds/refresh-refund.ts";
import { lockPurchaseOfCharge, type RefundRow } from "../refunds/refund-row.ts";
import { settleInTransaction } from "../refunds/settle-refund.ts";
import { readStripeRefund, type StripeRefundSnapshot } from "../refunds/stripe-refund.ts";
import { findPurchase } from "../workflows/find-purchase.ts";
import { recordDrift } from "./record-drift.ts";
import type { RunRow } from "./run.ts";

interface Comparison {
  readonly stripeRefund: unknown;
  readonly source: SettleSource;
}

/**
 * Holds one refund of Stripe's against our row and settles what differs. The drift is written in the
 * transaction that mends it, so that a crash leaves both or neither.
 *
 * @returns how many requests to Stripe it took
 * @throws when Stripe could not be asked for what is missing: the step is repeated
 */
export async function compareRefund(
  dependencies: Dependencies,
  run: RunRow,
  comparison: Comparison,
): Promise<number> {
  const snapshot = readStripeRefund(comparison.stripeRefund);
  if (!snapshot?.chargeId) return 0;
  const { chargeId } = snapshot;
  const charge = { accountId: run.stripeAccountId, chargeId };
  const isKnown = await knowsCharge(dependencies, charge);
  const requests = isKnown ? 0 : 1;
  if (!isKnown && (await findPurchase(dependencies, charge)).purchaseId === null) {
    await recordDrift(dependencies, dependencies.database, run, {
      appId: run.appId,
      kind: "refund_of_unknown_charge",
      subjectId: snapshot.id,
      stripeRefundId: snapshot.id,
      here: null,
      atStripe: factsOf(snapshot),
      rightSide: "stripe",
      action: "none",
    });
    return requests;
  }
  const compared = await dependencies.database.transaction((transaction) =>
    settleAndRecord(dependencies, transaction, run, { ...comparison, snapshot, chargeId }),
  );
  alertAfterSettling(dependencies, compared);
  dependencies.wakeOutbox();
  const { before } = compared;
  if (before === null || !compared.isOpen) return requests;
  await askAgain(dependencies, run, before, snapshot);
  return requests + 2;
}

async function knowsCharge(
  { database }: Dependencies,
  { accountId, chargeId }: { accountId: string; chargeId: string },
): Promise<boolean> {
  const [known] = await database
    .select({ id: purchases.id })
    .from(purchases)
    .where(and(eq(purchases.stripeAccountId, accountId), eq(purchases.stripeChargeId, chargeId)));
  return known !== undefined;
}

async function settleAndRecord(
  dependencies: Dependencies,
  transaction: Transaction,
  run: RunRow,
  comparison: Comparison & { snapshot: StripeRefundSnapshot; chargeId: string },
) {
  const { snapshot, chargeId, stripeRefund, source } = comparison;
  const accountId = run.stripeAccountId;
  const purchase = await lockPurchaseOfCharge(transaction, { accountId, chargeId });
  const rows = purchase
    ? await transaction.select().from(refunds).where(eq(refunds.purchaseId, purchase.id))
    : [];
  const word = { stripeRefund, accountId, source, correlationId: run.id, fresh: false };
  const settled = await settleInTransaction(dependencies, transaction, word);
  const before = rows.find(({ id }) => id === settled.refundId) ?? null;
  const isUnderWay = before?.leaseUntil != null && before.leaseUntil > dependencies.clock.now();
  if (purchase && settled.refundId !== null && settled.changed && !isUnderWay) {
    await recordDrift(dependencies, transaction, run, {
      // The account may have moved to another app since: the purchase has not.
      appId: purchase.appId,
      kind: before === null ? "refund_missing_here" : "refund_differs",
      subjectId: snapshot.id,
      refundId: settled.refundId,
      stripeRefundId: snapshot.id,
      here: before && factsHere(before),
      atStripe: factsOf(snapshot),
      rightSide: "stripe",
      action: before === null ? "taken_in" : "settled",
    });
  }
  return { ...settled, before, isOpen: !settled.changed && before?.status !== snapshot.status };
}

/**
 * The list said something that our row cannot follow: it is of before a webhook's news, or only a fresh
 * answer under the refund's lease can tell.
 */
async function askAgain(
  dependencies: Dependencies,
  run: RunRow,
  before: RefundRow,
  listed: StripeRefundSnapshot,
): Promise<void> {
  const { id: refundId } = before;
  const source = "reconciliation";
  const { changed, busy } = await refreshRefund(dependencies, { refundId, source, correlationId: run.id });
  // Another worker asks Stripe right now.
  if (busy) return;
  const fresh = readStripeRefund(
    await dependencies.stripe.refunds.retrieve(listed.id, {}, { stripeAccount: run.stripeAccountId }),
  );
  const [now] = await dependencies.database.select().from(refunds).where(eq(refunds.id, refundId));
  if (!fresh || !now) return;
  const isMended = now.status === fresh.status;
  if (isMended && !changed) return;
  await recordDrift(dependencies, dependencies.database, run, {
    appId: before.appId,
    kind: "refund_differs",
    subjectId: listed.id,
    refundId,
    stripeRefundId: listed.id,
    here: factsHere(before),
    atStripe: factsOf(fresh),
    rightSide: isMended ? "stripe" : "undecided",
    action: isMended ? "settled" : "none",
  });
}

function factsHere(row: RefundRow): Record<string, unknown> {
  const { status, amount, currency, failureReason, bankReference } = row;
  return { status, amount, currency, failureReason, bankReference };
}

function factsOf(snapshot: StripeRefundSnapshot): Record<string, unknown> {
  const { status, amount, currency, failureReason, bankReference, chargeId, createdAt } = snapshot;
  return {
    status,
    amount,
    currency,
    failureReason,
    bankReference,
    stripeChargeId: chargeId,
    createdAt: createdAt.toISOString(),
  };
}
