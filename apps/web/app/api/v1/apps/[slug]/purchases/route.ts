import { reportPurchase } from "@redress/core/purchases/report-purchase";
import { appRoute } from "../../../../../../src/access/app-route.ts";

/** An app tells what it knows of a purchase: which product it was, and whose. */
export const POST = appRoute(async ({ dependencies, appId, body, correlationId }) => {
  const { purchaseId } = await reportPurchase(dependencies, { appId, body, correlationId });
  return { purchase_id: purchaseId };
});
