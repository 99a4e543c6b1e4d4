import type { AppRow, PurchaseRow, RefundRow } from "./refund-row.ts";

export type BlockedCode = NonNullable<RefundRow["blockedCode"]>;

/**
 * Why a refund cannot run now, or null when nothing stands in its way. The account is the purchase's own,
 * stored one: a charge does not move when the app is connected to another account.
 */
export function blockageOf(
  purchase: Pick<PurchaseRow, "stripeAccountId" | "refundsBlockedByDispute">,
  app: Pick<AppRow, "stripeAccountId">,
): BlockedCode | null {
  if (app.stripeAccountId === null) return "account_disconnected";
  if (app.stripeAccountId !== purchase.stripeAccountId) return "account_changed";
  if (purchase.refundsBlockedByDispute) return "dispute_open";
  return null;
}

/** What to do about it, for the operator. */
export const blockedSentences: Readonly<Record<BlockedCode, string>> = {
  account_disconnected:
    "The app is not connected to Stripe. Connect the same Stripe account again and the refund goes on by itself.",
  account_changed:
    "The app is connected to another Stripe account than the one the customer paid. Connect that account again and the refund goes on by itself.",
  dispute_open:
    "The customer's bank has opened a dispute, and Stripe refuses refunds until it is closed. If it is won, the refund goes on by itself.",
};
