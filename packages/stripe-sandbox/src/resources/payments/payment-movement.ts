import type { BalanceTransaction } from "../money/balance-transaction.ts";
import { processingFee } from "../money/fees.ts";
import type { Charge } from "./charge.ts";

/** What a captured charge brings to the balance: its amount less Stripe's and the platform's fee. */
export function paymentMovement(
  charge: Charge,
  availableOn: number,
): Omit<BalanceTransaction, "id" | "created"> {
  const { amountCaptured, application, currency, description, id } = charge;
  const applicationFee = Math.min(charge.applicationFeeAmount ?? 0, amountCaptured);
  return {
    amount: amountCaptured,
    fee: processingFee(amountCaptured, currency) + applicationFee,
    applicationFee,
    application,
    currency,
    availableOn,
    type: id.startsWith("py_") ? "payment" : "charge",
    reportingCategory: "charge",
    description,
    source: id,
  };
}
