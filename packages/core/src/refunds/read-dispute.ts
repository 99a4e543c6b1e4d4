import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import type { RefundRow } from "./refund-row.ts";

/** The disputes of a charge, as Stripe has them now. */
export interface DisputeFacts {
  /** Stripe's status of the newest one. */
  readonly status: string;
  /** Whether Stripe takes refunds of the charge. */
  readonly isChargeRefundable: boolean;
}

/**
 * Asks Stripe about disputes of a refund's charge.
 *
 * @returns null when there is none, or when Stripe does not tell (which is logged)
 */
export async function readDispute(
  dependencies: Pick<Dependencies, "stripe" | "logger">,
  refund: Pick<RefundRow, "id" | "stripeChargeId" | "stripeAccountId">,
): Promise<DisputeFacts | null> {
  try {
    const { data } = await dependencies.stripe.disputes.list(
      { charge: refund.stripeChargeId, limit: 100 },
      { stripeAccount: refund.stripeAccountId },
    );
    const [newest] = data;
    return newest
      ? { status: newest.status, isChargeRefundable: data.every((one) => one.is_charge_refundable) }
      : null;
  } catch (error) {
    const { kind, message } = classifyStripeError(error);
    dependencies.logger.warn({ refundId: refund.id, kind, message }, "Could not read the dispute.");
    return null;
  }
}
