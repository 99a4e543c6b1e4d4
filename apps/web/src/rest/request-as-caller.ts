import type { Requester } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import { refuseProposalKey } from "@redress/core/proposals/request-key";
import { getPurchase } from "@redress/core/purchases/get-purchase";
import type { RefundDetail } from "@redress/core/refunds/refund-view";
import { requestOrRepeat } from "@redress/core/refunds/request-refund";
import type { z } from "zod";
import type { refundBody } from "./input.ts";

/**
 * Asks for a refund as a signed-in person, or as an agent. An amount without a currency is in the purchase's own.
 *
 * @returns `repeated` when the refund was there before
 * @throws RedressError `invalid_input` for a key that is not the caller's to choose; what
 *   `getPurchase` and `requestRefund` throw
 */
export async function requestAsCaller(
  dependencies: Dependencies,
  request: z.output<typeof refundBody> & {
    requester: Requester;
    requestKey: string | undefined;
    correlationId: string;
  },
): Promise<{ refund: RefundDetail; repeated: boolean }> {
  const { amount, requester, purchaseId, reason, note, ticketUrl, requestKey, inAdditionTo, correlationId } =
    request;
  refuseProposalKey(requestKey);
  const currency = request.currency ?? (await getPurchase(dependencies, { purchaseId })).currency;
  return requestOrRepeat(dependencies, {
    requester,
    purchaseId,
    amount: amount === undefined ? undefined : { amount, currency },
    reason,
    note,
    ticketUrl,
    requestKey,
    inAdditionTo,
    correlationId,
  });
}
