import type { Context } from "../../context.ts";
import { charges, refunds } from "../collections.ts";
import { closeResolvedInquiry } from "../disputes/inquiry.ts";
import { retireWarnings } from "../disputes/retire-warnings.ts";
import { type Charge, formatCharge, isFullyRefunded } from "../payments/charge.ts";
import { previousAttributes } from "../previous-attributes.ts";
import { formatRefund, type Refund } from "./refund.ts";
import { refundedAmount } from "./refund-status.ts";

/** The charge of a refund; it always exists. */
export function chargeOf(ctx: Context, { charge: id, id: refund }: Refund): Charge {
  const charge = ctx.collection(charges).get(id);
  if (!charge) throw new Error(`Refund ${refund} names charge ${id}, which is not there.`);
  return charge;
}

/**
 * Brings `amount_refunded` in line with the charge's refunds. More refunded → `charge.refunded`; less (a
 * refund failed) changes the charge without an event of its own.
 */
export function reviewCharge(ctx: Context, charge: Charge, changes: Partial<Charge> = {}): Charge {
  const all = ctx.collection(refunds).where("charge", charge.id);
  const amountRefunded = refundedAmount(all, ctx.settings.pendingRefundRaisesAmountRefunded);
  const after = ctx.collection(charges).put({ ...charge, ...changes, amountRefunded });
  if (amountRefunded <= charge.amountRefunded) return after;
  const object = formatCharge(after);
  ctx.emit("charge.refunded", object, previousAttributes(formatCharge(charge), object));
  if (isFullyRefunded(after)) {
    retireWarnings(ctx, after.id);
    closeResolvedInquiry(ctx, after);
  }
  return after;
}

/** Stores the changed refund and sends `refund.updated`, with `charge.refund.updated` where Stripe does. */
export function updateRefund(
  ctx: Context,
  before: Refund,
  changes: Partial<Refund>,
  events: readonly RefundEvent[],
): Refund {
  const after = ctx.collection(refunds).put({ ...before, ...changes });
  const object = formatRefund(after);
  const previous = previousAttributes(formatRefund(before), object);
  for (const type of events) ctx.emit(type, object, previous);
  return after;
}

export type RefundEvent = "refund.updated" | "refund.failed" | "charge.refund.updated";
