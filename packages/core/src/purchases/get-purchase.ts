import { purchases } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { describeFee, givesFeeBack } from "../refunds/application-fee.ts";
import { refundsOfPurchase } from "../refunds/list-refunds.ts";
import { readApp } from "../refunds/refund-row.ts";
import { type PurchaseDetail, selectPurchases, summarizePurchases } from "./purchase-view.ts";

/** @throws RedressError `purchase_not_found` */
export async function getPurchase(
  dependencies: Dependencies,
  input: { purchaseId: string },
): Promise<PurchaseDetail> {
  const rows = await selectPurchases(dependencies.database, eq(purchases.id, input.purchaseId));
  const [summary] = await summarizePurchases(dependencies.database, rows);
  const purchase = rows[0]?.purchase;
  if (!summary || !purchase) {
    throw new RedressError(
      "purchase_not_found",
      "There is no purchase with this id. Search for it by e-mail, order number or charge.",
      { details: { purchaseId: input.purchaseId } },
    );
  }
  const app = await readApp(dependencies.database, purchase.appId);
  return {
    ...summary,
    stripeAccountId: purchase.stripeAccountId,
    stripePaymentIntentId: purchase.stripePaymentIntentId,
    description: purchase.description,
    livemode: purchase.livemode,
    refundsBlockedByDispute: purchase.refundsBlockedByDispute,
    disputeDueAt: purchase.disputeDueAt,
    applicationFee: describeFee(purchase, givesFeeBack(dependencies, { purchase, app })),
    refunds: await refundsOfPurchase(dependencies, purchase.id),
  };
}
