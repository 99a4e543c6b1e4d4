import { purchases, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import type { DisputeFacts } from "./dispute-facts.ts";
import { executor } from "./executor.ts";
import type { PurchaseRow } from "./refund-row.ts";

/**
 * Writes what Stripe says about disputes to the purchase, where a call or a sweep knows before the webhook.
 *
 * @param input.dispute "none" when Stripe lists none; without it, all that is known is that Stripe refuses
 *   refunds because of one
 */
export async function noteDispute(
  dependencies: Dependencies,
  transaction: Transaction,
  input: {
    purchase: PurchaseRow;
    correlationId: string;
    dispute?: DisputeFacts | "none" | undefined;
    /** Who found it; the execution unless told. */
    actor?: Actor;
  },
): Promise<void> {
  const { purchase, dispute, correlationId } = input;
  const after = stateAfter(purchase, dispute);
  const disputeDueAt = dueAfter(purchase, dispute);
  const before = {
    disputeStatus: purchase.disputeStatus,
    refundsBlockedByDispute: purchase.refundsBlockedByDispute,
  };
  const isSame =
    after.disputeStatus === before.disputeStatus &&
    after.refundsBlockedByDispute === before.refundsBlockedByDispute;
  if (isSame && disputeDueAt?.getTime() === purchase.disputeDueAt?.getTime()) return;
  await transaction
    .update(purchases)
    .set({ ...after, disputeDueAt, updatedAt: dependencies.clock.now() })
    .where(eq(purchases.id, purchase.id));
  // Stripe's deadline is no state of ours: by itself it is nothing for the log.
  if (isSame) return;
  await recordAudit(dependencies, transaction, {
    actor: input.actor ?? executor,
    action: "dispute_changed",
    correlationId,
    appId: purchase.appId,
    purchaseId: purchase.id,
    before,
    after,
  });
}

function stateAfter(purchase: PurchaseRow, dispute: DisputeFacts | "none" | undefined) {
  if (dispute === "none") return { disputeStatus: null, refundsBlockedByDispute: false };
  if (!dispute) return { disputeStatus: purchase.disputeStatus, refundsBlockedByDispute: true };
  return { disputeStatus: dispute.status, refundsBlockedByDispute: dispute.blocksRefunds };
}

function dueAfter(purchase: PurchaseRow, dispute: DisputeFacts | "none" | undefined): Date | null {
  if (dispute === "none") return null;
  return dispute ? dispute.dueAt : purchase.disputeDueAt;
}
