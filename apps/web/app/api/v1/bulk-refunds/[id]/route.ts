import { getBulk } from "@redress/core/bulk/bulk-view";
import { callerRoute } from "../../../../../src/access/route.ts";
import { viewFor } from "../../../../../src/rest/agent-view.ts";
import { leanBulk } from "../../../../../src/rest/bulk-view.ts";
import { idParams } from "../../../../../src/rest/input.ts";

export const GET = callerRoute(
  { permission: "refunds.read", owner: { bulkRefund: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, requester, params }) => ({
    bulkRefund: viewFor(requester, await getBulk(dependencies, { bulkRefundId: params.id }), leanBulk),
  }),
);
