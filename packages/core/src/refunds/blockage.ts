import type { AppRow, PurchaseRow, RefundRow } from "./refund-row.ts";

export type BlockedCode = NonNullable<RefundRow["blockedCode"]>;

/**
 * Why a refund cannot run now, or null when nothing stands in its way. The account is the purchase's own,
 * stored one: a charge does not move when the app is connected to another account.
 */
export function blockageOf(
  purchase: Pick<PurchaseRow, "stripeAccountId" | "refundsBlockedByDispute">,
  app: Pick<AppRow, "stripeAccountId" | "refundsStoppedAt">,
): BlockedCode | null {
  if (app.stripeAccountId === null) return "account_disconnected";
  if (app.stripeAccountId !== purchase.stripeAccountId) return "account_changed";
  if (purchase.refundsBlockedByDispute) return "dispute_open";
  // Last, so that a refund remembers what else stands in its way while the switch is set.
  return app.refundsStoppedAt === null ? null : "refunds_stopped";
}

/** What to do about it, for the operator. */
export const blockedSentences: Readonly<Record<BlockedCode, string>> = {
  account_disconnected:
    "The app is not connected to Stripe. Connect the same Stripe account again and the refund goes on by itself.",
  account_changed:
    "The app is connected to another Stripe account than the one the customer paid. Connect that account again and the refund goes on by itself.",
  dispute_open:
    "The customer's bank has opened a dispute, and Stripe refuses refunds until it is closed. If it is won, the refund goes on by itself.",
  refunds_stopped:
    "All refunds of this app were stopped by a person of this desk. When an admin lets them run again, the refund goes on by itself.",
};
