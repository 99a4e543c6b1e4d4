import type { ApproverRole } from "@redress/database";
import type { z } from "zod";
import type { Requester } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { formatMoney } from "../money.ts";
import { parseInput } from "../parse-input.ts";
import type { Verdict } from "../policy/judge.ts";
import type { Reason } from "../policy/policy-document.ts";
import { type Preview, previewVerdict } from "../policy/preview-verdict.ts";
import { getPurchase } from "../purchases/get-purchase.ts";
import { type BlockedCode, blockedSentences } from "../refunds/blockage.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { moneyOf, processRefundInput } from "./process-refund.ts";

/** The question: a request that is only thought of. */
export const refundPolicyInput = processRefundInput.pick({
  purchaseId: true,
  amount: true,
  currency: true,
  reason: true,
  inAdditionTo: true,
});

export interface RefundPolicyAnswer {
  readonly purchaseId: string;
  /** What was judged, in the currency's smallest unit. */
  readonly amount: number;
  readonly currency: string;
  /** What of the purchase nothing holds. */
  readonly amountLeft: number;
  /** `repeated`: asking would be answered with the refund `refundId`, and make no other. */
  readonly verdict: Verdict["kind"] | "repeated";
  /** The rule that decides and why, for people. */
  readonly why: string | null;
  /** For `ask`: how many have to approve it, and what they must be at least. */
  readonly approvers?: number;
  readonly role?: ApproverRole;
  /** For `refuse`: what to tell the customer. */
  readonly reason?: string;
  readonly refundId?: string;
  /** For `allow`: until when, where the age of the purchase ends it; null where it does not. */
  readonly until?: Date | null;
  /** Why a request would be turned away now, whatever the verdict. */
  readonly blocked: { readonly code: BlockedCode; readonly explanation: string } | null;
  /** Those that can be given, with what Stripe is told; for `fraudulent` Stripe also blocks the card. Not for `repeated`. */
  readonly reasons?: readonly Reason[];
  /** What the platform took of the purchase, and what becomes of its share of that; null where it took nothing. */
  readonly applicationFee: Preview["applicationFee"];
  /** All of it in a sentence. */
  readonly message: string;
}

/**
 * Tells what would become of a request, before it is made. It writes nothing and promises nothing: the request is
 * judged anew when it is made, and once more when it runs.
 *
 * @throws RedressError as asking would: `invalid_input`, `purchase_not_found`, `amount_invalid`,
 *   `currency_mismatch`, `amount_exceeds_remaining`, `already_refunded`, `request_open`
 */
export async function getRefundPolicy(
  dependencies: Dependencies,
  input: z.input<typeof refundPolicyInput>,
  { requester }: { requester: Requester },
): Promise<RefundPolicyAnswer> {
  const request = parseInput(refundPolicyInput, input);
  const { purchaseId, reason, inAdditionTo } = request;
  const amount = await moneyOf(dependencies, request);
  const preview = await previewVerdict(dependencies, {
    requester,
    purchaseId,
    amount,
    reason,
    inAdditionTo,
  });
  return "repeats" in preview
    ? repeated(dependencies, preview.repeats)
    : { purchaseId, ...foreseen(preview), message: sentenceOf(preview) };
}

async function repeated(dependencies: Dependencies, refundId: string): Promise<RefundPolicyAnswer> {
  const { purchaseId, amount, currency, status } = await getRefund(dependencies, { refundId });
  const { amountLeft } = await getPurchase(dependencies, { purchaseId });
  return {
    purchaseId,
    ...{ amount, currency, amountLeft, refundId },
    verdict: "repeated",
    why: null,
    blocked: null,
    applicationFee: null,
    message: `A refund of ${formatMoney({ amount, currency })} was asked for already (${refundId}, ${status.replaceAll("_", " ")}). Asking again gives that one, unless it is named in inAdditionTo.`,
  };
}

function foreseen({ verdict, amount, currency, amountLeft, until, blocked, ...offered }: Preview) {
  const { reasons, applicationFee } = offered;
  return {
    reasons,
    ...{ amount, currency, amountLeft },
    verdict: verdict.kind,
    why: verdict.explanation,
    ...ofKind(verdict, until),
    blocked: blocked && { code: blocked, explanation: blockedSentences[blocked] },
    applicationFee,
  };
}

function ofKind(verdict: Verdict, until: Date | null) {
  switch (verdict.kind) {
    case "allow":
      return { until };
    case "ask": {
      // One person decides, unless a verdict says how many.
      const { role, approvers = 1 }: { role: ApproverRole; approvers?: number } = verdict;
      return { approvers, role };
    }
    case "refuse":
      return { reason: verdict.reason };
  }
}

function sentenceOf({ verdict, amount, currency, until, blocked }: Preview): string {
  if (blocked !== null) return blockedSentences[blocked];
  const money = formatMoney({ amount, currency });
  switch (verdict.kind) {
    case "allow": {
      const end = until === null ? "" : ` until ${until.toISOString()}`;
      return `The policy allows a refund of ${money}${end}: asked for, it is made at once.`;
    }
    case "ask":
      return `${verdict.role === "admin" ? "An admin" : "A person"} has to approve a refund of ${money}. Asked for, it waits for the decision.`;
    case "refuse":
      return `The policy refuses a refund of ${money}: ${verdict.reason}`;
  }
}
