import type { Dependencies } from "../dependencies.ts";
import { stripeApiVersion } from "../stripe/client.ts";
import { isFetchable, needsNoObject, routeOf } from "../workflows/stripe-event-routes.ts";
import { relatedObjectOf, type StripeEventEnvelope } from "./stripe-event.ts";

/** What can be said of an event before anything is looked up; `unknown_account` is added as it is stored. */
export interface EventVerdict {
  /** No workflow is started for it. */
  readonly ignored: boolean;
  /** All that is odd about it, whether it is handled or not. */
  readonly labels: readonly ("other_mode" | "unknown_type" | "unknown_api_version")[];
}

/**
 * Whether an event is handled, and what is odd about it.
 *
 * A live endpoint gets test events too (Stripe: Connect webhooks, mode matrix). An endpoint keeps the API
 * version that it was made with: an object of another version is still handled, since what we read of it
 * has been the same for years, but whoever wonders about it should see so.
 */
export function judgeEvent(
  { settings }: Pick<Dependencies, "settings">,
  event: StripeEventEnvelope,
): EventVerdict {
  const labels: EventVerdict["labels"][number][] = [];
  if (event.livemode !== (settings.mode === "live")) labels.push("other_mode");
  if (!isHandled(event)) labels.push("unknown_type");
  const ignored = labels.length > 0;
  // Thin events hold no object, so they have no version either.
  if (event.shape === "snapshot" && event.apiVersion !== stripeApiVersion) labels.push("unknown_api_version");
  return { ignored, labels };
}

function isHandled({ type, shape, data }: StripeEventEnvelope): boolean {
  if (routeOf(type) === undefined) return false;
  const isThinType = type.startsWith("v1.");
  if (shape === "snapshot") return !isThinType;
  if (!isThinType) return false;
  const related = relatedObjectOf(data);
  return needsNoObject(type) || (related !== null && isFetchable(related));
}
