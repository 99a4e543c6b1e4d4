"use server";

import { RedressError } from "@redress/core/errors";
import { newId } from "@redress/core/ids";
import { formatMoney } from "@redress/core/money";
import { getPurchase } from "@redress/core/purchases/get-purchase";
import { getRefundPolicy } from "@redress/core/tools/refund-policy";
import { redirect } from "next/navigation";
import { z } from "zod";
import { type Foreseen, foreseenSchema } from "../../../components/purchases/verdict-sentence.ts";
import { action } from "../../../src/access/action.ts";
import { parseAmountOrShare, writeAmount } from "../../../src/parse-amount.ts";
import { ticketUrl } from "../../../src/rest/input.ts";
import { requestAsCaller } from "../../../src/rest/request-as-caller.ts";

const refundForm = z.object({
  purchaseId: z.string(),
  step: z.enum(["review", "change", "confirm"]),
  amount: z.string(),
  reason: z.string().min(1).max(40),
  note: z.string().trim().max(2000),
  ticketUrl: z
    .string()
    .trim()
    .transform((text) => (text === "" ? undefined : text))
    .pipe(ticketUrl)
    .optional(),
  /** Made when the request is reviewed, so that confirming twice asks once. */
  requestKey: z.string().max(100).optional(),
});

/** Where the form stands: to be filled in (again), or to be confirmed. */
export interface RefundReview {
  readonly step: "fill" | "confirm";
  readonly amount: string;
  readonly minorUnits: number;
  readonly reason: z.output<typeof refundForm>["reason"];
  readonly note: string;
  readonly ticketUrl: string;
  readonly requestKey: string;
  /** What the policy says of it now; null while the form is filled in. */
  readonly foreseen: Foreseen | null;
}

/** Reviews a refund, and once the operator has confirmed what they read, asks for it. */
export const askForRefund = action(
  { permission: "refunds.request", owner: { purchase: (input) => input.purchaseId }, input: refundForm },
  async ({ dependencies, operator, input, correlationId }): Promise<RefundReview> => {
    const { purchaseId, step, reason, note, ticketUrl } = input;
    const purchase = await getPurchase(dependencies, { purchaseId });
    const { currency, amountCaptured } = purchase;
    const minorUnits =
      step === "change" ? 0 : parseAmountOrShare(input.amount, { of: amountCaptured, currency });
    const requester = { kind: "operator", id: operator.id } as const;
    if (step === "confirm") {
      const { refund } = await requestAsCaller(dependencies, {
        purchaseId,
        amount: minorUnits,
        currency,
        reason,
        note: note === "" ? undefined : note,
        ticketUrl,
        requester,
        requestKey: input.requestKey,
        correlationId,
      });
      redirect(`/refunds/${refund.id}`);
    }
    if (step === "review" && minorUnits > purchase.amountLeft) {
      const left = formatMoney({ amount: purchase.amountLeft, currency });
      throw new RedressError(
        "amount_exceeds_remaining",
        `Only ${left} of this purchase can still be refunded. Lower the amount.`,
      );
    }
    // One that was confirmed and came back by an error may have been asked for: it keeps its key.
    const kept = step === "review" ? input.requestKey : undefined;
    const requestKey = kept ?? newId(dependencies.random, "correlation");
    const typed = { minorUnits, reason, note, ticketUrl: ticketUrl ?? "", requestKey };
    if (step === "change") return { step: "fill", amount: input.amount, ...typed, foreseen: null };
    const asked = { purchaseId, amount: minorUnits, currency, reason };
    const foreseen = foreseenSchema.parse(await getRefundPolicy(dependencies, asked, { requester }));
    // In figures, so that what is confirmed is what was read, not a share of something.
    return { step: "confirm", amount: writeAmount({ amount: minorUnits, currency }), ...typed, foreseen };
  },
);
