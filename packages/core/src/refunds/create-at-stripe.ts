import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError, type StripeOutcome } from "../stripe/classify-error.ts";
import type { RefundRow } from "./refund-row.ts";
import { storedParameters } from "./stripe-parameters.ts";
import { readStripeRefund } from "./stripe-refund.ts";

/** What a create call came to: a refund, or what Stripe's error means. */
export type CreateOutcome =
  | {
      readonly kind: "accepted";
      readonly stripeRefund: unknown;
      readonly httpStatus: number;
      readonly requestId: string | null;
      readonly replayed: boolean;
    }
  | StripeOutcome;

/**
 * Sends exactly the stored parameters under the stored key to the account of the purchase. Never throws:
 * whatever goes wrong after the intention is committed is an outcome.
 */
export async function createAtStripe(dependencies: Dependencies, refund: RefundRow): Promise<CreateOutcome> {
  const idempotencyKey = refund.idempotencyKey;
  if (idempotencyKey === null) throw new Error(`refund ${refund.id} has no key`);
  const parameters = storedParameters(refund);
  try {
    const answer = await dependencies.stripe.refunds.create(parameters, {
      stripeAccount: refund.stripeAccountId,
      idempotencyKey,
    });
    const { requestId, statusCode, headers } = answer.lastResponse;
    const facts = {
      httpStatus: statusCode,
      requestId: requestId ?? null,
      // Of the fetch transport these are `Headers`, whatever the SDK's type says.
      replayed: new Headers(headers).get("idempotent-replayed") === "true",
    };
    const snapshot = readStripeRefund(answer);
    // The SDK takes any body without `error` for a success, a proxy's page in JSON too.
    if (snapshot === null || !answersRequest(snapshot, refund)) {
      return {
        ...facts,
        kind: "unknown",
        reason: "unexpected_answer",
        alarm: true,
        storedAnswer: false,
        stripeCode: null,
        message: "Stripe's answer is not the refund that was asked for.",
      };
    }
    return { ...facts, kind: "accepted", stripeRefund: answer };
  } catch (error) {
    return classifyStripeError(error);
  }
}

function answersRequest(
  snapshot: { amount: number; currency: string; chargeId: string | null },
  refund: RefundRow,
): boolean {
  return (
    snapshot.amount === refund.amount &&
    snapshot.currency === refund.currency &&
    snapshot.chargeId === refund.stripeChargeId
  );
}
