import { formatMoney } from "@redress/core/money";
import type { RefundDetail } from "@redress/core/refunds/refund-view";

type Told = Pick<
  RefundDetail,
  | "status"
  | "amount"
  | "currency"
  | "productName"
  | "bankReference"
  | "requestedAt"
  | "settledAt"
  | "failureReason"
  | "followedBy"
>;

/** Stripe's `failure_reason` where the customer's bank or card was why; else it was not for them to know. */
const ofTheBank: ReadonlySet<string> = new Set([
  "declined",
  "expired_or_canceled_card",
  "lost_or_stolen_card",
]);

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
      // What to write is then told by the refund that followed.
      if (refund.followedBy !== null) return null;
      return `Your refund of ${money}${what} ${ofTheBank.has(refund.failureReason ?? "") ? "came back to us: your bank did not take it" : "did not go through"}. We are looking for another way and will write again.`;
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
