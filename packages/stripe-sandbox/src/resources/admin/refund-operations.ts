import { z } from "zod";
import { defineAdminOperation } from "../../admin/operation.ts";
import type { Context } from "../../context.ts";
import { badRequest, noSuch } from "../../errors.ts";
import { refunds } from "../collections.ts";
import { type FailureReason, fail, requireAction, sendOut, succeed } from "../refunds/move-refund.ts";
import { formatRefund, type Refund } from "../refunds/refund.ts";
import { updateRefund } from "../refunds/refund-effects.ts";
import { canMove, isDead, type RefundStatus, refundStatuses } from "../refunds/refund-status.ts";

function findRefund(ctx: Context, id: string): Refund {
  const refund = ctx.collection(refunds).get(id);
  if (!refund) throw noSuch("refund", id, "refund");
  return refund;
}

/** Moves a refund as Stripe, a bank or the merchant's Dashboard would; only along the documented statuses. */
export const advanceRefund = defineAdminOperation({
  method: "POST",
  path: "/refunds/:id/advance",
  body: z.strictObject({
    account: z.string(),
    status: z.enum(refundStatuses),
    failure_reason: z
      .enum([
        "lost_or_stolen_card",
        "expired_or_canceled_card",
        "charge_for_pending_refund_disputed",
        "insufficient_funds",
        "declined",
        "merchant_request",
        "unknown",
      ])
      .optional(),
  }),
  run: (admin, { account, status, failure_reason }, id) => {
    const ctx = admin.account(account);
    const refund = findRefund(ctx, id);
    if (!canMove(refund.status, status)) {
      throw badRequest(`Refund ${id} is ${refund.status}; Stripe never moves it to ${status} from there.`, {
        param: "status",
      });
    }
    return formatRefund(move(ctx, refund, status, failure_reason));
  },
});

function move(ctx: Context, refund: Refund, status: RefundStatus, reason: FailureReason | undefined): Refund {
  switch (status) {
    case "succeeded":
      return succeed(ctx, refund);
    case "pending":
      return sendOut(ctx, refund);
    case "requires_action":
      return requireAction(ctx, refund);
    case "failed":
      return fail(ctx, refund, status, reason ?? "expired_or_canceled_card");
    case "canceled":
      return fail(ctx, refund, status, reason ?? "merchant_request");
  }
}

/** The acquirer's reference number arrives, minutes to days after the refund. */
export const setRefundReference = defineAdminOperation({
  method: "POST",
  path: "/refunds/:id/reference",
  body: z.strictObject({ account: z.string(), reference: z.string().min(1) }),
  run: (admin, { account, reference }, id) => {
    const ctx = admin.account(account);
    const refund = findRefund(ctx, id);
    if (isDead(refund.status) || refund.destination === null) {
      throw badRequest(`Refund ${id} is ${refund.status}; it gets no bank reference.`, {
        param: "reference",
      });
    }
    const events = ["refund.updated", "charge.refund.updated"] as const;
    return formatRefund(updateRefund(ctx, refund, { reference }, events));
  },
});
