import type { Requester } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Money } from "../money.ts";
import { type ApplicationFeeView, describeFee, givesFeeBack } from "../refunds/application-fee.ts";
import { type BlockedCode, blockageOf } from "../refunds/blockage.ts";
import { explicitAmount } from "../refunds/explicit-amount.ts";
import { lockPurchase, readApp } from "../refunds/refund-row.ts";
import { remainderOf } from "../refunds/remainder.ts";
import { repeatedRefund } from "../refunds/repeated-refund.ts";
import { allowedUntilAge } from "./allowed-until.ts";
import type { Verdict } from "./judge.ts";
import { judgeNow } from "./judge-refund.ts";
import type { Reason } from "./policy-document.ts";
import { policyInForce } from "./policy-in-force.ts";
import { chooseReason, reasonsOf } from "./reasons.ts";

/** What would become of a request. Amounts in the currency's smallest unit. */
export interface Preview {
  readonly verdict: Verdict;
  /** What was judged. */
  readonly amount: number;
  readonly currency: string;
  /** Of the purchase, what nothing holds. */
  readonly amountLeft: number;
  /** Until when it stays allowed, where the purchase's age ends it. */
  readonly until: Date | null;
  /** Why it would be turned away whatever policy says. */
  readonly blocked: BlockedCode | null;
  /** Those that can be given. */
  readonly reasons: readonly Reason[];
  /** What the platform took of the purchase, and what becomes of its share of that; null where it took nothing. */
  readonly applicationFee: ApplicationFeeView | null;
}

/**
 * What policy would say of a request, before it is made. Nothing is written or held: the answer is of this moment,
 * and the request is judged anew.
 *
 * @param input.amount omitted: all that is left
 * @returns the verdict; or, for an agent, the refund that it would get instead of a new one
 * @throws RedressError `purchase_not_found`, `amount_invalid`, `currency_mismatch`, `amount_exceeds_remaining`,
 *   `already_refunded`, `request_open`, `reason_unknown`, `invalid_input` when `inAdditionTo` names a refund of another purchase
 */
export async function previewVerdict(
  dependencies: Pick<Dependencies, "database" | "clock" | "settings">,
  input: {
    requester: Requester;
    purchaseId: string;
    amount?: Money | undefined;
    reason?: string | undefined;
    inAdditionTo?: readonly string[] | undefined;
  },
): Promise<Preview | { repeats: string }> {
  const { requester, purchaseId, inAdditionTo } = input;
  return dependencies.database.transaction(async (transaction) => {
    const purchase = await lockPurchase(transaction, purchaseId);
    const { appId, currency } = purchase;
    const request = { requester, purchaseId, amount: input.amount, inAdditionTo, correlationId: "" };
    const repeats = await repeatedRefund(dependencies, transaction, { purchase, request });
    if (repeats !== null) return { repeats };
    const { policy: offered } = await policyInForce(transaction, appId);
    const { code: reason } = chooseReason(offered, input.reason);
    const app = await readApp(transaction, appId);
    const blocked = blockageOf(purchase, app);
    const amount = await explicitAmount(transaction, purchase, input.amount);
    const { left: amountLeft } = await remainderOf(transaction, purchase);
    const now = dependencies.clock.now();
    const { verdict, facts, policy } = await judgeNow(transaction, {
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
    const untilAge = verdict.kind === "allow" ? allowedUntilAge(policy, facts) : null;
    const until = untilAge === null ? null : new Date(purchase.purchasedAt.getTime() + untilAge);
    const applicationFee = describeFee(purchase, givesFeeBack(dependencies, { purchase, app }));
    return {
      ...{ verdict, amount, currency, amountLeft, until, blocked, applicationFee },
      reasons: reasonsOf(offered),
    };
  });
}
