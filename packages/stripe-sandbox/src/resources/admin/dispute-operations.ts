import { z } from "zod";
import { defineAdminOperation } from "../../admin/operation.ts";
import type { Context } from "../../context.ts";
import { badRequest, noSuch } from "../../errors.ts";
import { charges, disputes } from "../collections.ts";
import { type Dispute, disputeReasons, isClosed, isInquiry } from "../disputes/dispute.ts";
import { disputeObject } from "../disputes/dispute-effects.ts";
import { formatEarlyFraudWarning, fraudTypes } from "../disputes/early-fraud-warning.ts";
import { closeDispute as close, escalate, raiseDispute } from "../disputes/raise-dispute.ts";
import type { Charge } from "../payments/charge.ts";
import { warn } from "../payments/take-payment.ts";

function findPaidCharge(ctx: Context, id: string): Charge {
  const charge = ctx.collection(charges).get(id);
  if (!charge) throw noSuch("charge", id, "charge");
  if (!charge.captured)
    throw badRequest(`Charge ${id} was not captured: no bank would complain.`, { param: "charge" });
  return charge;
}

/** A new inquiry or chargeback; a chargeback on a charge with an open inquiry escalates that one. */
export const createDispute = defineAdminOperation({
  method: "POST",
  path: "/disputes",
  body: z.strictObject({
    account: z.string(),
    charge: z.string(),
    inquiry: z.boolean().optional(),
    reason: z.enum(disputeReasons).optional(),
    amount: z.int().positive().optional(),
  }),
  run: (admin, { account, charge: id, inquiry = false, reason = "fraudulent", amount }) => {
    const ctx = admin.account(account);
    const charge = findPaidCharge(ctx, id);
    const earlier = charge.dispute === null ? undefined : ctx.collection(disputes).get(charge.dispute);
    if (earlier && !isClosed(earlier.status) && isInquiry(earlier.status) && !inquiry) {
      return disputeObject(ctx, escalate(ctx, earlier));
    }
    if (earlier && earlier.status !== "warning_closed") {
      throw badRequest(`Charge ${id} has been disputed already (${earlier.id}, ${earlier.status}).`, {
        param: "charge",
      });
    }
    if (amount !== undefined && amount > charge.amountCaptured) {
      throw badRequest("A dispute cannot be about more than was captured.", { param: "amount" });
    }
    const dispute = raiseDispute(ctx, charge, { inquiry, reason, amount: amount ?? charge.amountCaptured });
    return disputeObject(ctx, dispute);
  },
});

export const closeDispute = defineAdminOperation({
  method: "POST",
  path: "/disputes/:id/close",
  body: z.strictObject({ account: z.string(), status: z.enum(["won", "lost", "warning_closed"]) }),
  run: (admin, { account, status }, id) => {
    const ctx = admin.account(account);
    const dispute: Dispute | undefined = ctx.collection(disputes).get(id);
    if (!dispute) throw noSuch("dispute", id, "dispute");
    if (isClosed(dispute.status)) throw badRequest(`Dispute ${id} is already closed (${dispute.status}).`);
    if (isInquiry(dispute.status) !== (status === "warning_closed")) {
      throw badRequest("An inquiry closes as warning_closed, a chargeback as won or lost.", {
        param: "status",
      });
    }
    return disputeObject(ctx, close(ctx, dispute, status));
  },
});

export const createEarlyFraudWarning = defineAdminOperation({
  method: "POST",
  path: "/early_fraud_warnings",
  body: z.strictObject({
    account: z.string(),
    charge: z.string(),
    fraud_type: z.enum(fraudTypes).optional(),
  }),
  run: (admin, { account, charge, fraud_type = "misc" }) => {
    const ctx = admin.account(account);
    return formatEarlyFraudWarning(warn(ctx, findPaidCharge(ctx, charge), fraud_type));
  },
});
