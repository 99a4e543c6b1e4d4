import { formatMoney } from "@redress/core/money";
import type { ApplicationFeeView } from "@redress/core/refunds/application-fee";

/** What becomes of the platform's fee, for people. */
export function feeSentence({ onRefund, ...fee }: ApplicationFeeView): string {
  const money = formatMoney(fee);
  return onRefund === "given_back"
    ? `Of the application fee of ${money}, the refund’s share goes back to the app.`
    : `The application fee of ${money} stays with the platform.`;
}
