import { getRefund } from "@redress/core/refunds/get-refund";
import { callerRoute } from "../../../../../src/access/route.ts";
import { idParams } from "../../../../../src/rest/input.ts";

export const GET = callerRoute(
  { permission: "refunds.read", owner: { refund: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, params }) => ({
    refund: await getRefund(dependencies, { refundId: params.id }),
  }),
);
