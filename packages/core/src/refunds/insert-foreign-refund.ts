import { refunds, type Transaction } from "@redress/database";
import { recordAudit } from "../audit/record.ts";
import { tellCustomer } from "../customer-mail/tell-customer.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { nextPoll } from "./back-off.ts";
import { type SettleSource, stripeActor } from "./confirm-refund.ts";
import type { PurchaseRow, RefundRow } from "./refund-row.ts";
import type { StripeRefundSnapshot } from "./stripe-refund.ts";

/** Takes in a refund that was not made here, e.g. in the merchant's own Dashboard, as a fact. */
export async function insertForeignRefund(
  dependencies: Pick<Dependencies, "clock" | "random" | "secrets" | "mail">,
  transaction: Transaction,
  input: {
    purchase: PurchaseRow;
    snapshot: StripeRefundSnapshot;
    source: SettleSource;
    correlationId: string;
    /** The request of ours that made it, and was lost: its customer was written to then. */
    lostRefundId?: string | undefined;
  },
): Promise<RefundRow> {
  const { purchase, snapshot } = input;
  const now = dependencies.clock.now();
  const isOpen = snapshot.status === "pending" || snapshot.status === "requires_action";
  const [row] = await transaction
    .insert(refunds)
    .values({
      id: newId(dependencies.random, "refund"),
      appId: purchase.appId,
      purchaseId: purchase.id,
      stripeAccountId: purchase.stripeAccountId,
      stripeChargeId: purchase.stripeChargeId,
      origin: "stripe",
      lostRefundId: input.lostRefundId ?? null,
      amount: snapshot.amount,
      currency: snapshot.currency,
      reason: snapshot.reason,
      requestedByKind: "stripe",
      requestedById: "stripe",
      requestedByOwner: "stripe",
      status: snapshot.status,
      stripeRefundId: snapshot.id,
      pendingReason: snapshot.pendingReason,
      failureReason: snapshot.failureReason,
      bankReference: snapshot.bankReference,
      requestedAt: snapshot.createdAt,
      nextAttemptAt: isOpen ? nextPoll({ now, since: snapshot.createdAt }) : null,
      // Made before we heard of it; a failure is dated by when it was seen.
      settledAt: isOpen ? null : snapshot.status === "succeeded" ? snapshot.createdAt : now,
      updatedAt: now,
    })
    .returning();
  if (!row) throw new Error("the database answered an insert without its row");
  await recordAudit(dependencies, transaction, {
    actor: stripeActor,
    action: "refund_taken_in",
    correlationId: input.correlationId,
    appId: row.appId,
    purchaseId: row.purchaseId,
    refundId: row.id,
    after: { status: row.status },
    details: {
      stripeRefundId: snapshot.id,
      source: input.source,
      status: row.status,
      amount: row.amount,
      currency: row.currency,
      ...(row.lostRefundId === null ? {} : { lostRefundId: row.lostRefundId }),
    },
  });
  if (row.lostRefundId !== null) return row;
  const { correlationId } = input;
  await tellCustomer(dependencies, transaction, { refund: row, correlationId, madeAt: snapshot.createdAt });
  return row;
}
