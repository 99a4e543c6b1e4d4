import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { authorize } from "../operators/authorize.ts";
import type { Permission } from "../operators/permissions.ts";
import { getPurchase } from "../purchases/get-purchase.ts";
import type { PurchaseDetail } from "../purchases/purchase-view.ts";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import type { EmbedVisit } from "./visit-embed.ts";

/**
 * A purchase of the customer whom the token names; any other is answered like one that does not exist.
 *
 * @throws RedressError `purchase_not_found`, `permission_denied`
 */
export async function panelPurchase(
  dependencies: Dependencies,
  { grants, appIds, claims }: EmbedVisit,
  { purchaseId, permission }: { purchaseId: string; permission: Permission },
): Promise<PurchaseDetail> {
  const owner = { purchase: (input: { purchaseId: string }) => input.purchaseId };
  await authorize(dependencies, grants, { permission, owner }, { purchaseId });
  const purchase = await getPurchase(dependencies, { purchaseId });
  const isTheirs = purchase.customerEmail?.toLowerCase() === claims.email;
  if (isTheirs && (appIds === "all" || appIds.includes(purchase.app.id))) return purchase;
  throw new RedressError(
    "purchase_not_found",
    "There is no such purchase of this customer that you may see. Reload the ticket.",
  );
}

/**
 * Asks for a refund as the person whom the helpdesk's token names, like one asked for on the desk's own pages. With one token
 * a purchase is asked for once: sent twice, it is the same refund.
 *
 * @throws RedressError what `panelPurchase` and `requestRefund` throw; `request_key_conflict` for another refund of the
 *   same purchase with the same token
 */
export async function askThroughEmbed(
  dependencies: Dependencies,
  visit: EmbedVisit,
  input: { purchaseId: string; amount: number; reason: string; note: string; correlationId: string },
): Promise<RefundDetail> {
  const { purchaseId, amount, reason, note, correlationId } = input;
  const { keyId, operator, claims } = visit;
  const { currency } = await panelPurchase(dependencies, visit, {
    purchaseId,
    permission: "refunds.request",
  });
  return requestRefund(dependencies, {
    requester: { kind: "operator", id: operator.id },
    purchaseId,
    amount: { amount, currency },
    reason,
    note: note === "" ? undefined : note,
    ticketUrl: claims.ticket,
    requestKey: `${keyId}:${claims.jti}:${purchaseId}`,
    via: { via: "embed", embedKeyId: keyId },
    correlationId,
  });
}
