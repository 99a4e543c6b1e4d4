import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError, type StripeOutcome } from "../stripe/classify-error.ts";
import type { RefundRow } from "./refund-row.ts";
import { storedParameters } from "./stripe-parameters.ts";
import { readStripeRefund } from "./stripe-refund.ts";

/** What a create call came to: a refund, or what Stripe's error means. */
export type CreateOutcome =
  | {
      readonly kind: "accepted";
      readonly stripeRefund: { readonly id: string };
      readonly httpStatus: number;
      readonly requestId: string | null;
      readonly replayed: boolean;
    }
  | StripeOutcome;

/** What a call may take, with room to spare: one that is not sent this long before its lease ends is late. */
const callMs = 20_000;

/**
 * Sends exactly the stored parameters under the stored key to the account of the purchase. Never throws:
 * whatever goes wrong after the intention is committed is an outcome.
 *
 * A process that slept since (a suspended machine) sends nothing: others act on the row once its lease is
 * over, and a day later Stripe has forgotten the key that would keep the two calls one.
 */
export async function createAtStripe(dependencies: Dependencies, refund: RefundRow): Promise<CreateOutcome> {
  const idempotencyKey = refund.idempotencyKey;
  if (idempotencyKey === null) throw new Error(`refund ${refund.id} has no key`);
  const parameters = storedParameters(refund);
  if (isLate(dependencies, refund)) return notSent;
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

const notSent: CreateOutcome = {
  kind: "later",
  retryAfterMs: null,
  httpStatus: null,
  stripeCode: null,
  requestId: null,
  message: "The lease was nearly over before the call was made, so nothing was sent.",
  replayed: false,
};

function isLate({ clock }: Pick<Dependencies, "clock">, { leaseUntil }: RefundRow): boolean {
  return leaseUntil === null || leaseUntil.getTime() - clock.now().getTime() < callMs;
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
