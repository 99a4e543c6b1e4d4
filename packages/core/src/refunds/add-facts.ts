import type { Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { nextPoll } from "./back-off.ts";
import { updateProgress } from "./change-refund.ts";
import { type Confirmation, recordConfirmation } from "./confirm-refund.ts";
import type { RefundRow, RefundValues } from "./refund-row.ts";
import type { StripeRefundSnapshot } from "./stripe-refund.ts";

/** What the row says beside its status once Stripe has the refund. */
export function settledValues(
  dependencies: Pick<Dependencies, "clock">,
  row: RefundRow,
  snapshot: StripeRefundSnapshot,
): RefundValues {
  const now = dependencies.clock.now();
  const isOpen = snapshot.status === "pending" || snapshot.status === "requires_action";
  return {
    stripeRefundId: snapshot.id,
    outcomeUnknown: false,
    leaseUntil: null,
    nextAttemptAt: isOpen ? nextPoll({ now, since: snapshot.createdAt }) : null,
    settledAt: isOpen ? null : now,
    pendingReason: snapshot.status === "pending" ? snapshot.pendingReason : null,
    failureReason: snapshot.failureReason ?? row.failureReason,
    bankReference: snapshot.bankReference ?? row.bankReference,
  };
}

/** Facts that come after the state: the bank's reference, and why it failed. They never go away again. */
export async function addFacts(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  row: RefundRow,
  snapshot: StripeRefundSnapshot,
  confirmation: Confirmation,
): Promise<boolean> {
  const bankReference = row.bankReference ?? snapshot.bankReference;
  const failureReason = row.failureReason ?? snapshot.failureReason;
  if (bankReference === row.bankReference && failureReason === row.failureReason) return false;
  await updateProgress(dependencies, transaction, row, { bankReference, failureReason });
  await recordConfirmation(dependencies, transaction, row, snapshot, confirmation, {
    before: { bankReference: row.bankReference, failureReason: row.failureReason },
    after: { bankReference, failureReason },
  });
  return true;
}
