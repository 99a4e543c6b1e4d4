import type { Transaction } from "@redress/database";
import { decisionPeriodMs, recordApproval, recordRejection } from "../approvals/record-approval.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { demandOf, judgeRefund } from "../policy/judge-refund.ts";
import { policyInForce } from "../policy/policy-in-force.ts";
import { chooseReason } from "../policy/reasons.ts";
import { givesFeeBack } from "./application-fee.ts";
import { type BlockedCode, blockageOf, blockedSentences } from "./blockage.ts";
import { changeRefund } from "./change-refund.ts";
import { earlierRequest, lockRequestKey, rememberRepeat } from "./earlier-request.ts";
import { explicitAmount } from "./explicit-amount.ts";
import { getRefund } from "./get-refund.ts";
import { insertRequest } from "./insert-request.ts";
import type { RefundRequest } from "./refund-request.ts";
import { lockPurchase, type PurchaseRow, type RefundRow, readApp } from "./refund-row.ts";
import type { RefundDetail } from "./refund-view.ts";
import { repeatedRefund } from "./repeated-refund.ts";
import { violatedConstraint } from "./violated-constraint.ts";

/**
 * Asks for a refund. The amount becomes explicit here, so that what is approved is exactly what is sent.
 * What the policy allows is approved at once, what it refuses is rejected, and the rest waits 14 days for a person.
 *
 * An agent that asks again for what is open, or was finished within a week, gets that refund (`repeatedRefund`).
 *
 * @throws RedressError `purchase_not_found`, `app_not_connected`, `dispute_open`, `refunds_stopped`, `amount_invalid`,
 *   `currency_mismatch`, `amount_exceeds_remaining`, `already_refunded`, `request_key_conflict`, `request_open`,
 *   `reason_unknown`,
 *   `invalid_input` when `inAdditionTo` names a refund of another purchase
 */
export async function requestRefund(
  dependencies: Dependencies,
  request: RefundRequest,
): Promise<RefundDetail> {
  return (await requestOrRepeat(dependencies, request)).refund;
}

/**
 * As `requestRefund`.
 *
 * @returns `repeated` when the refund was there before
 */
export async function requestOrRepeat(
  dependencies: Dependencies,
  request: RefundRequest,
): Promise<{ refund: RefundDetail; repeated: boolean }> {
  let asked: Asked;
  try {
    asked = await insertOrRepeat(dependencies, request);
  } catch (error) {
    // Two requests with the same key about two purchases meet here; the second look finds the first one.
    if (violatedConstraint(error) !== "refunds_request_key") throw error;
    asked = await insertOrRepeat(dependencies, request);
  }
  dependencies.wakeOutbox();
  const { refundId, repeated } = asked;
  return { refund: await getRefund(dependencies, { refundId }), repeated };
}

interface Asked {
  readonly refundId: string;
  readonly repeated: boolean;
}

async function insertOrRepeat(dependencies: Dependencies, request: RefundRequest): Promise<Asked> {
  return dependencies.database.transaction(async (transaction) => {
    await lockRequestKey(transaction, request);
    const purchase = await lockPurchase(transaction, request.purchaseId);
    const earlier = await earlierRequest(transaction, request);
    if (earlier !== null) return { refundId: earlier, repeated: true };
    const same = await repeatedRefund(dependencies, transaction, { purchase, request });
    if (same !== null) {
      await rememberRepeat(dependencies, transaction, { request, refundId: same });
      return { refundId: same, repeated: true };
    }
    const app = await readApp(transaction, purchase.appId);
    const blockage = blockageOf(purchase, app);
    if (blockage !== null) throw blocked(app.name, blockage);
    const amount = await explicitAmount(transaction, purchase, request.amount);
    const { policy } = await policyInForce(transaction, purchase.appId);
    const reason = chooseReason(policy, request.reason);
    const refundApplicationFee = givesFeeBack(dependencies, { purchase, app });
    const asked = { purchase, amount, reason, refundApplicationFee, request };
    const refund = await insertRequest(dependencies, transaction, asked);
    await decideByPolicy(dependencies, transaction, { purchase, refund, request });
    return { refundId: refund.id, repeated: false };
  });
}

/** Why nothing can be asked for now. */
function blocked(appName: string, blockedCode: BlockedCode): RedressError {
  const details = { blockedCode, explanation: blockedSentences[blockedCode] };
  switch (blockedCode) {
    case "dispute_open":
      return new RedressError(
        "dispute_open",
        "The customer's bank has opened a dispute on this purchase, and Stripe refuses refunds until it is closed. Answer the dispute in Stripe first.",
        { details },
      );
    case "refunds_stopped":
      return new RedressError(
        "refunds_stopped",
        `All refunds of ${appName} are stopped, so nothing was asked for. Ask an admin of this desk why, and ask again when they run.`,
        { details },
      );
    case "account_disconnected":
    case "account_changed":
      return new RedressError(
        "app_not_connected",
        `${appName} is not connected to the Stripe account that took this payment. Connect it in the settings, then ask again.`,
        { details },
      );
  }
}

async function decideByPolicy(
  dependencies: Dependencies,
  transaction: Transaction,
  { purchase, refund, request }: { purchase: PurchaseRow; refund: RefundRow; request: RefundRequest },
): Promise<void> {
  const { correlationId, callerExecutes } = request;
  const judged = await judgeRefund(dependencies, transaction, { purchase, refund, occasion: "request" });
  const { verdict, actor: decidedBy } = judged;
  const decision = { refund, purchase, decidedBy, callerExecutes, correlationId };
  switch (verdict.kind) {
    case "allow":
      await recordApproval(dependencies, transaction, decision);
      return;
    case "refuse":
      await recordRejection(dependencies, transaction, { ...decision, note: verdict.reason });
      return;
    case "ask": {
      const expiresAt = new Date(dependencies.clock.now().getTime() + decisionPeriodMs);
      await changeRefund(dependencies, transaction, {
        refund,
        to: "awaiting_approval",
        set: { expiresAt, ...demandOf(verdict) },
        actor: decidedBy,
        action: "approval_awaited",
        correlationId,
        details: { expiresAt: expiresAt.toISOString() },
      });
    }
  }
}
