/**
 * Which workflow handles which event of Stripe. The workflow ids are fixed names: dashboards rely on them.
 * Types that are not here are kept in the inbox and marked ignored.
 */
export const stripeEventRoutes = {
  "refund.created": "handle-stripe-refund",
  "refund.updated": "handle-stripe-refund",
  "refund.failed": "handle-stripe-refund",
  "charge.refunded": "handle-stripe-refund",
  "charge.refund.updated": "handle-stripe-refund",
  "charge.succeeded": "handle-stripe-charge",
  "charge.captured": "handle-stripe-charge",
  "charge.updated": "handle-stripe-charge",
  "charge.dispute.created": "handle-stripe-dispute",
  "charge.dispute.updated": "handle-stripe-dispute",
  "charge.dispute.closed": "handle-stripe-dispute",
  "charge.dispute.funds_withdrawn": "handle-stripe-dispute",
  "charge.dispute.funds_reinstated": "handle-stripe-dispute",
  "radar.early_fraud_warning.created": "handle-stripe-fraud-warning",
  "radar.early_fraud_warning.updated": "handle-stripe-fraud-warning",
  "account.application.deauthorized": "handle-stripe-account",
  "account.updated": "handle-stripe-account",
} as const satisfies Record<string, string>;

export type StripeEventWorkflowId = (typeof stripeEventRoutes)[keyof typeof stripeEventRoutes];

const routes: ReadonlyMap<string, StripeEventWorkflowId> = new Map(Object.entries(stripeEventRoutes));

/** Thin events of objects of v1 carry the snapshot's type behind this. */
const thinPrefix = "v1.";

/** The type as snapshots have it: `charge.refunded` for the thin event `v1.charge.refunded`. */
export function snapshotTypeOf(type: string): string {
  return type.startsWith(thinPrefix) ? type.slice(thinPrefix.length) : type;
}

/** The workflow that handles events of a type, be they snapshots or thin; undefined when none does. */
export function routeOf(type: string): StripeEventWorkflowId | undefined {
  return routes.get(snapshotTypeOf(type));
}

/** Every type that `routeOf` knows, as snapshots and as thin events have it. */
export const routedTypes: readonly string[] = [...routes.keys()].flatMap((type) => [
  type,
  `${thinPrefix}${type}`,
]);

/**
 * Events of a connection name the account that they happened on, and nothing else of them is read. One that
 * ended could not be asked for anything.
 */
export function needsNoObject(type: string): boolean {
  return routeOf(type) === "handle-stripe-account";
}

/** What a thin event may be about so that the desk can ask Stripe for it. */
const fetchable = ["charge", "refund", "dispute", "radar.early_fraud_warning"] as const;
export type FetchableType = (typeof fetchable)[number];

export function isFetchable<Related extends { readonly type: string }>(
  related: Related,
): related is Related & { readonly type: FetchableType } {
  return fetchable.some((type) => type === related.type);
}
