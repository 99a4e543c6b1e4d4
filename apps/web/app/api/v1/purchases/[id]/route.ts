import { getPurchase } from "@redress/core/purchases/get-purchase";
import { callerRoute } from "../../../../../src/access/route.ts";
import { leanPurchaseDetail, viewFor } from "../../../../../src/rest/agent-view.ts";
import { idParams } from "../../../../../src/rest/input.ts";

export const GET = callerRoute(
  { permission: "purchases.read", owner: { purchase: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, requester, params }) => {
    const purchase = await getPurchase(dependencies, { purchaseId: params.id });
    return { purchase: viewFor(requester, purchase, leanPurchaseDetail) };
  },
);
