import { refundReasons } from "@redress/database";
import { z } from "zod";
import { refundIdKey } from "./match-refund.ts";
import type { RefundRow } from "./refund-row.ts";

const schema = z.strictObject({
  charge: z.string(),
  amount: z.int().positive(),
  reason: z.enum(refundReasons).exactOptional(),
  metadata: z.record(z.string(), z.string()),
  refund_application_fee: z.literal(true).exactOptional(),
});

/** What is sent to create a refund: always an explicit amount, and our ids so that it can be found again. */
export type StripeParameters = z.infer<typeof schema>;

export function stripeParameters(refund: RefundRow, approvalId: string): StripeParameters {
  return {
    charge: refund.stripeChargeId,
    amount: refund.amount,
    ...reasonForStripe(refund),
    metadata: {
      [refundIdKey]: refund.id,
      redress_approval_id: approvalId,
      redress_purchase_id: refund.purchaseId,
    },
    // Stripe keeps the fee unless told; nothing is said of it where there is none.
    ...(refund.refundApplicationFee ? { refund_application_fee: true } : {}),
  };
}

/** A reason of the app's own may tell Stripe nothing. */
function reasonForStripe({ reason, stripeReason }: RefundRow): Pick<StripeParameters, "reason"> {
  if (stripeReason === "none") return {};
  return { reason: stripeReason ?? refundReasons.find((one) => one === reason) ?? "requested_by_customer" };
}

/** The parameters as they were stored with the intention: Stripe refuses a key with any others. */
export function storedParameters(refund: RefundRow): StripeParameters {
  return schema.parse(refund.stripeParameters);
}
