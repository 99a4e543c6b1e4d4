import type { Dependencies } from "../dependencies.ts";
import type { Money } from "../money.ts";
import type { AppRow, PurchaseRow } from "./refund-row.ts";

/** What a platform took of a purchase, and what becomes of a refund's share of it. */
export interface ApplicationFeeView extends Money {
  readonly onRefund: "given_back" | "kept";
}

/**
 * Whether a refund asked for now is to give the platform's fee back too: where the app wants it, and the fee is this
 * platform's. Only the application that created a charge can (Stripe: Refunds, `refund_application_fee`).
 */
export function givesFeeBack(
  { settings }: Pick<Dependencies, "settings">,
  { purchase, app }: { purchase: PurchaseRow; app: Pick<AppRow, "refundApplicationFee"> },
): boolean {
  const isOurs = purchase.stripeApplicationId === settings.stripe.clientId;
  return app.refundApplicationFee && isOurs && (purchase.applicationFee ?? 0) > 0;
}

/** The fee of a purchase as people see it, or null when there is none or it is not known. */
export function describeFee(
  { applicationFee, currency }: Pick<PurchaseRow, "applicationFee" | "currency">,
  isGivenBack: boolean,
): ApplicationFeeView | null {
  if (applicationFee === null || applicationFee === 0) return null;
  return { amount: applicationFee, currency, onRefund: isGivenBack ? "given_back" : "kept" };
}
