import type { Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { notifyApp } from "../notifications/notify-app.ts";
import { addFacts, settledValues } from "./add-facts.ts";
import { countAsTold, takeInLost } from "./adopt-lost.ts";
import { alertAfterSettling } from "./alert-after-settling.ts";
import { changeRefund } from "./change-refund.ts";
import { recordWebhookConfirmation, type SettleSource, stripeActor } from "./confirm-refund.ts";
import { insertForeignRefund } from "./insert-foreign-refund.ts";
import { matchRefund } from "./match-refund.ts";
import { type Misattribution, recordMisattribution } from "./record-misattribution.ts";
import { lockPurchaseOfCharge, type PurchaseRow, type RefundRow, readApp } from "./refund-row.ts";
import { readStripeRefund, type StripeRefundSnapshot } from "./stripe-refund.ts";
import { canTransition } from "./transitions.ts";

export interface SettleInput {
  /** A refund object as Stripe sent it. */
  readonly stripeRefund: unknown;
  /** The connected account it lives on. */
  readonly accountId: string;
  readonly source: SettleSource;
  readonly correlationId: string;
  /**
   * True only for an object that was just fetched under the refund's lease: between `pending` and
   * `requires_action` snapshots have no order.
   */
  readonly fresh: boolean;
  /** The lease under which it was fetched; if it is no longer held, the object is not fresh. */
  readonly lease?: Date;
  /** The key under which Stripe created it, where that is known: proof of whose call made it. */
  readonly createdUnder?: string | undefined;
  /** What the caller has locked already, so that it is not read again. */
  readonly held?: { readonly purchase: PurchaseRow; readonly refund: RefundRow } | undefined;
}

export interface Settled {
  /** Null when the desk does not know the charge. */
  readonly refundId: string | null;
  /** False when nothing was new. */
  readonly changed: boolean;
  /** True when only a fresh fetch can tell the state: call `refreshRefund`. */
  readonly ambiguous: boolean;
  /** True when it had succeeded and has failed: whoever commits calls `alertAfterSettling`. */
  readonly reopened?: boolean;
  /** True when it had been given up for another one, and Stripe has it all the same. */
  readonly resurfaced?: boolean;
  /** Our call made it, and it stands in a row that is not the call's: only a person can put that right. */
  readonly misattributed?: Misattribution | undefined;
}

/**
 * Moves our row to what Stripe says, or takes the refund in when it was made elsewhere. The API's answer,
 * webhooks, import and reconciliation all go through here, so that order and repetition cannot matter:
 * `failed` and `canceled` absorb, and `succeeded` yields only to `failed`.
 */
export async function settleRefund(dependencies: Dependencies, input: SettleInput): Promise<Settled> {
  const settled = await dependencies.database.transaction((transaction) =>
    settleInTransaction(dependencies, transaction, input),
  );
  alertAfterSettling(dependencies, settled);
  dependencies.wakeOutbox();
  return settled;
}

/** The same inside the caller's transaction, which then calls `wakeOutbox` after its commit. */
export async function settleInTransaction(
  dependencies: Dependencies,
  transaction: Transaction,
  input: SettleInput,
): Promise<Settled> {
  const snapshot = readStripeRefund(input.stripeRefund);
  if (!snapshot?.chargeId) return { refundId: null, changed: false, ambiguous: false };
  const { accountId, held } = input;
  const purchase =
    held?.purchase.stripeAccountId === accountId && held.purchase.stripeChargeId === snapshot.chargeId
      ? held.purchase
      : await lockPurchaseOfCharge(transaction, { accountId, chargeId: snapshot.chargeId });
  if (!purchase) return { refundId: null, changed: false, ambiguous: false };

  const { row, madeFor, lost } = await matchRefund(transaction, { purchase, snapshot, ...input });
  if (lost) return takeInLost(dependencies, transaction, { purchase, snapshot, lost, ...input });
  if (row) await countAsTold(dependencies, transaction, { row, snapshot });
  const settled = await settleMatched(dependencies, transaction, { purchase, row, snapshot, input });
  if (!madeFor || settled.refundId === null) return settled;
  const { refundId: standsIn } = settled;
  const found = { refund: madeFor, stripeRefundId: snapshot.id, standsIn };
  return { ...settled, misattributed: await recordMisattribution(dependencies, transaction, found, input) };
}

async function settleMatched(
  dependencies: Dependencies,
  transaction: Transaction,
  step: Omit<Step, "row"> & { row: RefundRow | undefined },
): Promise<Settled> {
  const { purchase, row, snapshot, input } = step;
  if (!row) {
    const taken = await insertForeignRefund(dependencies, transaction, { purchase, snapshot, ...input });
    await recordWebhookConfirmation(dependencies, transaction, taken, snapshot, input);
    if (taken.status === "succeeded" && !(await isHistory(transaction, { purchase, snapshot, input }))) {
      await tellApp(dependencies, transaction, taken, input);
    }
    return { refundId: taken.id, changed: true, ambiguous: false };
  }
  if (row.status === snapshot.status) {
    const changed = await addFacts(dependencies, transaction, row, snapshot, input);
    await recordWebhookConfirmation(dependencies, transaction, row, snapshot, input);
    return { refundId: row.id, changed, ambiguous: false };
  }
  if (isUnordered(row, snapshot) && !isFresh(row, input)) {
    return { refundId: row.id, changed: false, ambiguous: true };
  }
  return moveRow(dependencies, transaction, { purchase, row, snapshot, input });
}

/** Clocks of two companies differ. */
const clockSkewMs = 5 * 60 * 1000;

/**
 * A refund from before the desk knew the purchase and before the app was connected is history: nobody is
 * told. One made since may come by the import, before its own webhook, and is news.
 */
async function isHistory(
  transaction: Transaction,
  step: { purchase: PurchaseRow; snapshot: StripeRefundSnapshot; input: SettleInput },
): Promise<boolean> {
  const { purchase, snapshot, input } = step;
  if (input.source !== "import") return false;
  const { connectedAt } = await readApp(transaction, purchase.appId);
  const known = Math.min(purchase.createdAt.getTime(), connectedAt?.getTime() ?? Number.POSITIVE_INFINITY);
  return snapshot.createdAt.getTime() < known - clockSkewMs;
}

interface Step {
  readonly purchase: PurchaseRow;
  readonly row: RefundRow;
  readonly snapshot: StripeRefundSnapshot;
  readonly input: SettleInput;
}

async function moveRow(dependencies: Dependencies, transaction: Transaction, step: Step): Promise<Settled> {
  const { snapshot, input } = step;
  const from = await startedRow(dependencies, transaction, step.row, input);
  // Late news of an earlier state.
  if (!canTransition(from.status, snapshot.status)) {
    return { refundId: from.id, changed: false, ambiguous: false };
  }
  const row = await changeRefund(dependencies, transaction, {
    refund: from,
    to: snapshot.status,
    set: settledValues(dependencies, from, snapshot),
    actor: stripeActor,
    action: "refund_confirmed",
    correlationId: input.correlationId,
    details: { stripeRefundId: snapshot.id, source: input.source, status: snapshot.status },
  });
  if (row.status === "succeeded" || from.status === "succeeded") {
    await tellApp(dependencies, transaction, row, input);
  }
  return {
    refundId: row.id,
    changed: true,
    ambiguous: false,
    ...(from.status === "succeeded" && { reopened: true }),
    ...(from.status === "superseded" && { resurfaced: true }),
  };
}

async function tellApp(
  dependencies: Dependencies,
  transaction: Transaction,
  row: RefundRow,
  { correlationId }: SettleInput,
): Promise<void> {
  const type = row.status === "succeeded" ? "refund.succeeded" : "refund.failed";
  await notifyApp(dependencies, transaction, { refund: row, type, correlationId });
}

/** A refund that is resumed may be settled by news of its first call before the second is made. */
async function startedRow(
  dependencies: Dependencies,
  transaction: Transaction,
  row: RefundRow,
  input: SettleInput,
): Promise<RefundRow> {
  if (row.status !== "approved") return row;
  return changeRefund(dependencies, transaction, {
    refund: row,
    to: "executing",
    actor: stripeActor,
    action: "refund_executing",
    correlationId: input.correlationId,
  });
}

function isUnordered(row: RefundRow, snapshot: StripeRefundSnapshot): boolean {
  return (
    (row.status === "pending" && snapshot.status === "requires_action") ||
    (row.status === "requires_action" && snapshot.status === "pending")
  );
}

function isFresh(row: RefundRow, input: SettleInput): boolean {
  return input.fresh && (input.lease === undefined || row.leaseUntil?.getTime() === input.lease.getTime());
}
