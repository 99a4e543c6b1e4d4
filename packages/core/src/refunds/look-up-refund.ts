import { refunds } from "@redress/database";
import { and, eq, inArray, ne } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError, type StripeOutcome } from "../stripe/classify-error.ts";
import { isNewEnough, refundIdKey } from "./match-refund.ts";
import type { RefundRow } from "./refund-row.ts";
import { readStripeRefund, type StripeRefundSnapshot } from "./stripe-refund.ts";
import { takeInStripeRefund } from "./take-in-stripe-refund.ts";

export type LookUp =
  | { readonly kind: "found"; readonly stripeRefund: unknown }
  | { readonly kind: "none" }
  /** An equal refund, newer than the intention, that cannot be attributed: a person has to look. */
  | { readonly kind: "unclear"; readonly stripeRefundId: string }
  | { readonly kind: "failed"; readonly outcome: StripeOutcome };

/**
 * Lists the refunds of the charge at Stripe and looks for ours. All others are taken in, so that the desk
 * shows what is really left.
 */
export async function lookUpRefund(
  dependencies: Dependencies,
  refund: RefundRow,
  correlationId: string,
): Promise<LookUp> {
  const found: { snapshot: StripeRefundSnapshot; stripeRefund: unknown }[] = [];
  try {
    const list = dependencies.stripe.refunds.list(
      { charge: refund.stripeChargeId, limit: 100 },
      { stripeAccount: refund.stripeAccountId },
    );
    for await (const stripeRefund of list) {
      const snapshot = readStripeRefund(stripeRefund);
      if (snapshot) found.push({ snapshot, stripeRefund });
    }
  } catch (error) {
    return { kind: "failed", outcome: classifyStripeError(error) };
  }
  // Newest first: should metadata have been copied to a later refund, the oldest is ours.
  const taken = await takenByOthers(dependencies, refund, found);
  const isCandidate = (snapshot: StripeRefundSnapshot) => isOurs(snapshot, refund) && !taken.has(snapshot.id);
  const ours = found.findLast(({ snapshot }) => isCandidate(snapshot));
  const others = found.filter((other) => other !== ours);
  const takenIn: string[] = [];
  for (const { snapshot, stripeRefund } of others) {
    // A copy would be taken for ours while ours is not settled; its own news brings it in after that.
    if (ours && isCandidate(snapshot)) continue;
    const { refundId } = await takeInStripeRefund(dependencies, {
      accountId: refund.stripeAccountId,
      stripeRefund,
      source: "reconciliation",
      correlationId,
    });
    if (refundId !== null) takenIn.push(refundId);
  }
  if (ours) return { kind: "found", stripeRefund: ours.stripeRefund };
  const unclear = await equalForeignRefund(dependencies, refund, takenIn, others);
  return unclear === null ? { kind: "none" } : { kind: "unclear", stripeRefundId: unclear };
}

function isOurs(snapshot: StripeRefundSnapshot, refund: RefundRow): boolean {
  return snapshot.metadata[refundIdKey] === refund.id && isEqual(snapshot, refund);
}

/** As ours would be: neither another sum nor from before our first call. */
function isEqual(snapshot: StripeRefundSnapshot, refund: RefundRow): boolean {
  return (
    snapshot.amount === refund.amount &&
    snapshot.currency === refund.currency &&
    isNewEnough(refund, snapshot)
  );
}

/** What stands in another row is ours no more, whatever its metadata says by now. */
async function takenByOthers(
  { database }: Dependencies,
  refund: RefundRow,
  found: readonly { snapshot: StripeRefundSnapshot }[],
): Promise<Set<string | null>> {
  const ids = found.map(({ snapshot }) => snapshot.id);
  if (ids.length === 0) return new Set();
  const rows = await database
    .select({ stripeRefundId: refunds.stripeRefundId })
    .from(refunds)
    .where(
      and(
        eq(refunds.stripeAccountId, refund.stripeAccountId),
        inArray(refunds.stripeRefundId, ids),
        ne(refunds.id, refund.id),
      ),
    );
  return new Set(rows.map(({ stripeRefundId }) => stripeRefundId));
}

async function equalForeignRefund(
  dependencies: Dependencies,
  refund: RefundRow,
  takenIn: readonly string[],
  others: readonly { snapshot: StripeRefundSnapshot }[],
): Promise<string | null> {
  const suspects = others.filter(
    ({ snapshot }) => isEqual(snapshot, refund) && !refund.dismissedStripeRefunds.includes(snapshot.id),
  );
  if (suspects.length === 0 || takenIn.length === 0) return null;
  const foreign = await dependencies.database
    .select({ stripeRefundId: refunds.stripeRefundId })
    .from(refunds)
    .where(and(inArray(refunds.id, [...takenIn]), eq(refunds.origin, "stripe")));
  const foreignIds = new Set(foreign.map(({ stripeRefundId }) => stripeRefundId));
  return suspects.find(({ snapshot }) => foreignIds.has(snapshot.id))?.snapshot.id ?? null;
}
