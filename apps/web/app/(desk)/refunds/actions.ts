"use server";

import { approveRefund } from "@redress/core/approvals/approve-refund";
import { rejectRefund } from "@redress/core/approvals/reject-refund";
import { takeBackEndorsement } from "@redress/core/approvals/take-back-endorsement";
import { addComment } from "@redress/core/comments/add-comment";
import { RedressError } from "@redress/core/errors";
import { resendNotification } from "@redress/core/notifications/resend";
import { getRefund } from "@redress/core/refunds/get-refund";
import { resolveUnattributed } from "@redress/core/refunds/resolve-unattributed";
import { supersedeRefund } from "@redress/core/refunds/supersede-refund";
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
    const { refundId, decision, back, note } = input;
    const decided = { refundId, operatorId: operator.id, correlationId };
    if (decision === "approve") await approveRefund(dependencies, { ...decided, note });
    else await rejectRefund(dependencies, { ...decided, note: note ?? "" });
    redirect(back === "queue" ? `/approvals?decided=${refundId}` : `/refunds/${refundId}`);
  },
);

/** Takes back one's own approval of a request that still waits for others. */
export const takeBack = action(
  {
    permission: "refunds.decide",
    owner: { refund: (input) => input.refundId },
    input: z.object({ refundId: z.string(), back: z.enum(["queue", "refund"]).default("refund") }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const { refundId, back } = input;
    await takeBackEndorsement(dependencies, { refundId, operatorId: operator.id, correlationId });
    redirect(back === "queue" ? "/approvals" : `/refunds/${refundId}`);
  },
);

/** Says something about a refund to colleagues. */
export const comment = action(
  {
    permission: "refunds.read",
    owner: { refund: (input) => input.refundId },
    input: z.object({ refundId: z.string(), text: z.string().trim().min(1, "Write something.").max(2000) }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const author = { kind: "operator", id: operator.id } as const;
    await addComment(dependencies, { ...input, author, correlationId });
    redirect(`/refunds/${input.refundId}`);
  },
);

/** Says whose the refund is that stopped the retries; then ours goes on, or never is sent again. */
export const attribute = action(
  {
    permission: "refunds.decide",
    owner: { refund: (input) => input.refundId },
    input: z.object({ refundId: z.string(), stripeRefundId: z.string(), ours: z.enum(["yes", "no"]) }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const { refundId, stripeRefundId, ours } = input;
    const operatorId = operator.id;
    const isOurs = ours === "yes";
    await resolveUnattributed(dependencies, { refundId, stripeRefundId, isOurs, operatorId, correlationId });
    redirect(`/refunds/${refundId}`);
  },
);

/** Ends the wait for a refund whose error Stripe keeps; another one takes its place. */
export const supersede = action(
  {
    permission: "refunds.decide",
    owner: { refund: (input) => input.refundId },
    input: z.object({ refundId: z.string(), note }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const { refundId, note } = input;
    const operatorId = operator.id;
    const { id } = await supersedeRefund(dependencies, { refundId, operatorId, note, correlationId });
    redirect(`/refunds/${id}`);
  },
);

/** Sends a notification that the app could not be reached with once more. */
export const resend = action(
  {
    permission: "apps.manage",
    owner: { refund: (input) => input.refundId },
    input: z.object({ refundId: z.string(), notificationId: z.string() }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const { refundId, notificationId } = input;
    const refund = await getRefund(dependencies, { refundId });
    if (!refund.notifications.some(({ id }) => id === notificationId)) {
      throw new RedressError(
        "notification_not_found",
        "This refund has no such notification. Reload the page.",
      );
    }
    const actor = { kind: "operator", id: operator.id } as const;
    await resendNotification(dependencies, { notificationId, actor, correlationId });
    redirect(`/refunds/${refundId}`);
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
