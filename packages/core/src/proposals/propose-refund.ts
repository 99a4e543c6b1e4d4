import { refundProposals } from "@redress/database";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { stripeActor } from "../refunds/confirm-refund.ts";
import { lockPurchase } from "../refunds/refund-row.ts";
import { whyNothingToPropose } from "./proposal-row.ts";

/**
 * Proposes to return all that is left of a purchase whose issuer suspects fraud, once per warning: a refund
 * before a dispute is the usual way to prevent one (Stripe: early fraud warnings). Nothing is asked for, and
 * nothing reserved, until a person accepts it.
 *
 * @returns the proposal's id; null when it was made before, or there is nothing to propose
 * @throws RedressError `purchase_not_found`
 */
export async function proposeRefund(
  dependencies: Pick<Dependencies, "database" | "clock" | "random">,
  input: { purchaseId: string; stripeWarningId: string; fraudType: string; correlationId: string },
): Promise<string | null> {
  const { purchaseId, stripeWarningId, fraudType, correlationId } = input;
  return dependencies.database.transaction(async (transaction) => {
    const purchase = await lockPurchase(transaction, purchaseId);
    if ((await whyNothingToPropose(transaction, purchase)) !== null) return null;
    const id = newId(dependencies.random, "proposal");
    const [made] = await transaction
      .insert(refundProposals)
      .values({
        id,
        purchaseId,
        stripeWarningId,
        fraudType,
        status: "open",
        createdAt: dependencies.clock.now(),
      })
      .onConflictDoNothing()
      .returning({ id: refundProposals.id });
    if (!made) return null;
    await recordAudit(dependencies, transaction, {
      actor: stripeActor,
      action: "refund_proposed",
      correlationId,
      appId: purchase.appId,
      purchaseId,
      after: { status: "open" },
      details: { proposalId: id, stripeWarningId, fraudType },
    });
    return id;
  });
}
