import { type CustomerMailKind, customerMails, type Transaction } from "@redress/database";
import { systemActor } from "../actor.ts";
import { revokeApproval } from "../approvals/record-approval.ts";
import type { Dependencies } from "../dependencies.ts";
import { notifyApp } from "../notifications/notify-app.ts";
import { isInLostTime } from "../restore/restored-time.ts";
import { changeRefund } from "./change-refund.ts";
import { recordWebhookConfirmation, type SettleSource } from "./confirm-refund.ts";
import { insertForeignRefund } from "./insert-foreign-refund.ts";
import type { LostRequest } from "./match-lost.ts";
import type { PurchaseRow, RefundRow } from "./refund-row.ts";
import type { StripeRefundSnapshot } from "./stripe-refund.ts";

interface Lost {
  readonly purchase: PurchaseRow;
  readonly snapshot: StripeRefundSnapshot;
  readonly lost: LostRequest;
  readonly source: SettleSource;
  readonly correlationId: string;
}

/**
 * Takes in a refund of ours whose request, or whose approval, was lost with the time since a backup. It gets a row of
 * its own; a request that the backup shows as undecided is ended, since it was carried out. The app is told again.
 */
export async function takeInLost(
  dependencies: Dependencies,
  transaction: Transaction,
  taking: Lost,
): Promise<{ refundId: string; changed: true; ambiguous: false }> {
  const { purchase, snapshot, lost, source, correlationId } = taking;
  if (lost.undecided) await endCarriedOut(dependencies, transaction, lost.undecided, taking);
  const foreign = { purchase, snapshot, source, correlationId, lostRefundId: lost.id };
  const taken = await insertForeignRefund(dependencies, transaction, foreign);
  await recordWebhookConfirmation(dependencies, transaction, taken, snapshot, taking);
  if (taken.status === "succeeded") {
    await notifyApp(dependencies, transaction, { refund: taken, type: "refund.succeeded", correlationId });
  }
  return { refundId: taken.id, changed: true, ambiguous: false };
}

/** Who approved it is lost, so it cannot be made to look as if somebody had. */
async function endCarriedOut(
  dependencies: Dependencies,
  transaction: Transaction,
  request: RefundRow,
  { snapshot, correlationId }: Lost,
): Promise<void> {
  await revokeApproval(dependencies, transaction, request);
  await changeRefund(dependencies, transaction, {
    refund: request,
    to: "withdrawn",
    set: { expiresAt: null, nextAttemptAt: null },
    actor: systemActor("restore"),
    action: "refund_withdrawn",
    correlationId,
    details: { carriedOutAs: snapshot.id },
  });
}

/** What is younger was made just now; nobody restores a database in a minute. */
const youngMs = 60_000;

/**
 * Before a row becomes what Stripe made of it in a time that a restore has lost: its customer was written to then, so
 * that fact counts as told.
 */
export async function countAsTold(
  { clock }: Pick<Dependencies, "clock">,
  transaction: Transaction,
  { row, snapshot }: { row: RefundRow; snapshot: StripeRefundSnapshot },
): Promise<void> {
  const now = clock.now();
  if (row.status === snapshot.status || now.getTime() - snapshot.createdAt.getTime() < youngMs) return;
  if (!(await isInLostTime(transaction, snapshot.createdAt))) return;
  const kinds: CustomerMailKind[] =
    snapshot.status === "failed" || snapshot.status === "canceled" ? ["failed"] : ["started"];
  if (snapshot.status === "succeeded") kinds.push("succeeded");
  await transaction
    .insert(customerMails)
    .values(kinds.map((kind) => ({ refundId: row.id, kind, queuedAt: now })))
    .onConflictDoNothing();
}
