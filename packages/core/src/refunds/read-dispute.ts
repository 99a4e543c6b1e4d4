import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { type DisputeFacts, disputeFacts } from "./dispute-facts.ts";
import type { RefundRow } from "./refund-row.ts";

/** What Stripe answers about the disputes of a charge. */
export type DisputeAnswer =
  | { readonly kind: "disputed"; readonly facts: DisputeFacts }
  | { readonly kind: "none" }
  /** It could not be asked, which is logged: what was known before stands. */
  | { readonly kind: "unknown" };

/** Asks Stripe about disputes of a refund's charge. */
export async function readDispute(
  dependencies: Pick<Dependencies, "stripe" | "logger">,
  refund: Pick<RefundRow, "id" | "stripeChargeId" | "stripeAccountId">,
): Promise<DisputeAnswer> {
  try {
    const { data } = await dependencies.stripe.disputes.list(
      { charge: refund.stripeChargeId, limit: 100 },
      { stripeAccount: refund.stripeAccountId },
    );
    const [newest, ...older] = data;
    return newest ? { kind: "disputed", facts: disputeFacts([newest, ...older]) } : { kind: "none" };
  } catch (error) {
    const { kind, message } = classifyStripeError(error);
    dependencies.logger.warn({ refundId: refund.id, kind, message }, "Could not read the dispute.");
    return { kind: "unknown" };
  }
}
