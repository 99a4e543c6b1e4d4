import type Stripe from "stripe";
import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import type { RelatedObject } from "../webhooks/stripe-event.ts";
import { type FetchableType, isFetchable } from "./stripe-event-routes.ts";

type Retrieve = (stripe: Stripe, id: string, options: { stripeAccount: string }) => Promise<object>;

const retrieves: Record<FetchableType, Retrieve> = {
  charge: (stripe, id, options) => stripe.charges.retrieve(id, {}, options),
  refund: (stripe, id, options) => stripe.refunds.retrieve(id, {}, options),
  dispute: (stripe, id, options) => stripe.disputes.retrieve(id, {}, options),
  "radar.early_fraud_warning": (stripe, id, options) =>
    stripe.radar.earlyFraudWarnings.retrieve(id, {}, options),
};

export type FetchedObject =
  | { readonly object: Record<string, unknown> }
  | { readonly object: null; readonly why: "unknown_type" | "account_unreachable" | "object_missing" };

/**
 * Asks Stripe for the object that a thin event names, as it is now. The object's own call is used and not
 * the `url` of the event: what came from outside does not choose where the platform's key is sent.
 *
 * @throws what the SDK throws when Stripe could not say, or refused for another reason than that there is no
 *   such object, e.g. a restricted key's missing permission: to be repeated
 */
export async function fetchRelatedObject(
  { stripe }: Pick<Dependencies, "stripe">,
  { accountId, related }: { accountId: string; related: RelatedObject },
): Promise<FetchedObject> {
  if (!isFetchable(related)) return { object: null, why: "unknown_type" };
  try {
    const object = await retrieves[related.type](stripe, related.id, { stripeAccount: accountId });
    return { object: { ...object } };
  } catch (error) {
    const { kind, httpStatus } = classifyStripeError(error);
    if (kind === "no_access") return { object: null, why: "account_unreachable" };
    // Other refusals speak of our key or our call: the event waits until that is put right.
    if (kind === "refused" && httpStatus === 404) return { object: null, why: "object_missing" };
    throw error;
  }
}
