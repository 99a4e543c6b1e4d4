import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { type DisputeFacts, disputeFacts } from "./dispute-facts.ts";
import type { RefundRow } from "./refund-row.ts";

/**
 * Asks Stripe about disputes of a refund's charge.
 *
 * @returns "unknown" when it could not be asked, which is logged: what was known before stands
 */
export async function readDispute(
  dependencies: Pick<Dependencies, "stripe" | "logger">,
  refund: Pick<RefundRow, "id" | "stripeChargeId" | "stripeAccountId">,
): Promise<DisputeFacts | "none" | "unknown"> {
  try {
    return await askDisputes(dependencies, {
      chargeId: refund.stripeChargeId,
      accountId: refund.stripeAccountId,
    });
  } catch (error) {
    const { kind, message } = classifyStripeError(error);
    dependencies.logger.warn({ refundId: refund.id, kind, message }, "Could not read the dispute.");
    return "unknown";
  }
}

/** What Stripe lists of the disputes of a charge. Throws what the SDK throws. */
export async function askDisputes(
  { stripe }: Pick<Dependencies, "stripe">,
  { accountId, chargeId }: { accountId: string; chargeId: string },
): Promise<DisputeFacts | "none"> {
  const { data } = await stripe.disputes.list({ charge: chargeId, limit: 100 }, { stripeAccount: accountId });
  const [newest, ...older] = data;
  return newest ? disputeFacts([newest, ...older]) : "none";
}
