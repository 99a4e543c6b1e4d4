import type { RefundReason } from "@redress/database";
import type { Requester } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Money } from "../money.ts";
import { explicitAmount } from "../refunds/explicit-amount.ts";
import { lockPurchase } from "../refunds/refund-row.ts";
import type { Verdict } from "./judge.ts";
import { judgeNow } from "./judge-refund.ts";

/**
 * What policy would say of a request, before it is made. Nothing is written or held: the answer is of this moment,
 * and the request is judged anew.
 *
 * @param input.amount omitted: all that is left
 * @returns the verdict, and the amount that was judged (smallest unit)
 * @throws RedressError `purchase_not_found`, `amount_invalid`, `currency_mismatch`, `amount_exceeds_remaining`,
 *   `already_refunded`
 */
export async function previewVerdict(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  input: {
    requester: Requester;
    purchaseId: string;
    amount?: Money | undefined;
    reason?: RefundReason | undefined;
  },
): Promise<{ verdict: Verdict; amount: number; currency: string }> {
  const { requester, purchaseId, reason = "requested_by_customer" } = input;
  return database.transaction(async (transaction) => {
    const purchase = await lockPurchase(transaction, purchaseId);
    const { appId, currency } = purchase;
    const amount = await explicitAmount(transaction, purchase, input.amount);
    const now = clock.now();
    const { verdict } = await judgeNow(transaction, {
      purchase,
      now,
      refund: {
        // No refund has it.
        id: "",
        appId,
        purchaseId,
        amount,
        currency,
        reason,
        requestedByKind: requester.kind,
        requestedById: requester.id,
        requestedAt: now,
      },
    });
    return { verdict, amount, currency };
  });
}
