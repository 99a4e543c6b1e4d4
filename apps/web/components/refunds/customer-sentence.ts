import { formatMoney } from "@redress/core/money";
import type { RefundDetail } from "@redress/core/refunds/refund-view";

type Told = Pick<
  RefundDetail,
  "status" | "amount" | "currency" | "productName" | "bankReference" | "requestedAt" | "settledAt"
>;

/**
 * What support may write to the customer, true of what is known now; null while nothing can be promised. It never says
 * that money has arrived: only the customer's bank knows.
 *
 * @param timeZone whose day it is, e.g. `Europe/Berlin`
 */
export function customerSentence(refund: Told, timeZone: string): string | null {
  const money = formatMoney(refund);
  const what = refund.productName ? ` for ${refund.productName}` : "";
  const reference = refund.bankReference
    ? ` Should it be missing after that, your bank can find it by the reference ${refund.bankReference}.`
    : "";
  switch (refund.status) {
    case "succeeded": {
      const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone });
      const on = day.format(refund.settledAt ?? refund.requestedAt);
      return `We refunded ${money}${what} on ${on}. Banks usually show it within 5 to 10 days.${reference}`;
    }
    case "pending":
      return `Your refund of ${money}${what} is on its way. Banks usually need 5 to 10 days.${reference}`;
    case "requires_action":
      return `Your refund of ${money}${what} needs a word from you: please answer the e-mail from Stripe that asks where to send the money.`;
    case "failed":
      return `Your refund of ${money}${what} came back to us: your bank did not take it. We are looking for another way and will write again.`;
    case "requested":
    case "awaiting_approval":
    case "approved":
    case "executing":
    case "blocked":
    case "canceled":
    case "refused":
    case "rejected":
    case "expired":
    case "withdrawn":
    case "superseded":
      return null;
  }
}
