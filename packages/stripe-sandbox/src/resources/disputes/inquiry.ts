import type { Context } from "../../context.ts";
import { disputes } from "../collections.ts";
import type { Charge } from "../payments/charge.ts";
import { isClosed, isInquiry } from "./dispute.ts";
import { updateDispute } from "./dispute-effects.ts";

/** A full refund answers an inquiry: the bank closes it (Stripe: disputes, inquiries). */
export function closeResolvedInquiry(ctx: Context, charge: Charge): void {
  const dispute = charge.dispute === null ? undefined : ctx.collection(disputes).get(charge.dispute);
  if (!dispute || isClosed(dispute.status) || !isInquiry(dispute.status)) return;
  updateDispute(ctx, dispute, { status: "warning_closed" }, "charge.dispute.closed");
}
