"use server";

import { approveRefund } from "@redress/core/approvals/approve-refund";
import { rejectRefund } from "@redress/core/approvals/reject-refund";
import { withdrawRefund } from "@redress/core/refunds/withdraw-refund";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "../../../src/access/action.ts";

const note = z
  .string()
  .trim()
  .max(2000)
  .transform((text) => (text === "" ? undefined : text))
  .optional();

/** Approves or rejects a request, and returns to where the decision was made. */
export const decide = action(
  {
    permission: "refunds.decide",
    owner: { refund: (input) => input.refundId },
    input: z.object({
      refundId: z.string(),
      decision: z.enum(["approve", "reject"]),
      back: z.enum(["queue", "refund"]),
      note,
    }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const { refundId, decision, back } = input;
    const perform = decision === "approve" ? approveRefund : rejectRefund;
    await perform(dependencies, { refundId, operatorId: operator.id, note: input.note, correlationId });
    redirect(back === "queue" ? `/approvals?decided=${refundId}` : `/refunds/${refundId}`);
  },
);

/** Takes a request back, as long as Stripe cannot have it. */
export const withdraw = action(
  {
    permission: "refunds.withdraw",
    owner: { refund: (input) => input.refundId },
    input: z.object({ refundId: z.string() }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    await withdrawRefund(dependencies, { refundId: input.refundId, actor, correlationId });
    redirect(`/refunds/${input.refundId}`);
  },
);
