"use server";

import { RedressError } from "@redress/core/errors";
import { newId } from "@redress/core/ids";
import { formatMoney } from "@redress/core/money";
import { getPurchase } from "@redress/core/purchases/get-purchase";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "../../../src/access/action.ts";
import { parseAmount } from "../../../src/parse-amount.ts";
import { requestAsCaller } from "../../../src/rest/request-as-caller.ts";

const refundForm = z.object({
  purchaseId: z.string(),
  step: z.enum(["review", "change", "confirm"]),
  amount: z.string(),
  reason: z.string().min(1).max(40),
  note: z.string().trim().max(2000),
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
  readonly requestKey: string;
}

/** Reviews a refund, and once the operator has confirmed what they read, asks for it. */
export const askForRefund = action(
  { permission: "refunds.request", owner: { purchase: (input) => input.purchaseId }, input: refundForm },
  async ({ dependencies, operator, input, correlationId }): Promise<RefundReview> => {
    const { purchaseId, step, reason, note } = input;
    const purchase = await getPurchase(dependencies, { purchaseId });
    const minorUnits = step === "change" ? 0 : parseAmount(input.amount, purchase.currency);
    if (step === "confirm") {
      const { refund } = await requestAsCaller(dependencies, {
        purchaseId,
        amount: minorUnits,
        currency: purchase.currency,
        reason,
        note: note === "" ? undefined : note,
        requester: { kind: "operator", id: operator.id },
        requestKey: input.requestKey,
        correlationId,
      });
      redirect(`/refunds/${refund.id}`);
    }
    if (step === "review" && minorUnits > purchase.amountLeft) {
      const left = formatMoney({ amount: purchase.amountLeft, currency: purchase.currency });
      throw new RedressError(
        "amount_exceeds_remaining",
        `Only ${left} of this purchase can still be refunded. Lower the amount.`,
      );
    }
    const requestKey = newId(dependencies.random, "correlation");
    const { amount } = input;
    return { step: step === "review" ? "confirm" : "fill", amount, minorUnits, reason, note, requestKey };
  },
);
