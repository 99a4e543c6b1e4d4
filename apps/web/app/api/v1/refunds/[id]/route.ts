import { getRefund } from "@redress/core/refunds/get-refund";
import { callerRoute } from "../../../../../src/access/route.ts";
import { leanRefund, viewFor } from "../../../../../src/rest/agent-view.ts";
import { idParams } from "../../../../../src/rest/input.ts";

export const GET = callerRoute(
  { permission: "refunds.read", owner: { refund: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, requester, params }) => {
    const refund = await getRefund(dependencies, { refundId: params.id });
    return { refund: viewFor(requester, refund, (one) => leanRefund(dependencies, one)) };
  },
);
