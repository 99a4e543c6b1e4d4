import { getBulk } from "@redress/core/bulk/bulk-view";
import { withdrawBulk } from "@redress/core/bulk/steer-bulk";
import { callerRoute } from "../../../../../../src/access/route.ts";
import { viewFor } from "../../../../../../src/rest/agent-view.ts";
import { leanBulk } from "../../../../../../src/rest/bulk-view.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

export const POST = callerRoute(
  { permission: "refunds.withdraw", owner: { bulkRefund: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, requester, params, correlationId }) => {
    const bulkRefundId = params.id;
    await withdrawBulk(dependencies, { bulkRefundId, actor: requester, correlationId });
    return { bulkRefund: viewFor(requester, await getBulk(dependencies, { bulkRefundId }), leanBulk) };
  },
);
