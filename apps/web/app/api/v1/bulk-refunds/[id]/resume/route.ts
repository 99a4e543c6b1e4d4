import { getBulk } from "@redress/core/bulk/bulk-view";
import { resumeBulk } from "@redress/core/bulk/steer-bulk";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

export const POST = route(
  { permission: "refunds.decide", owner: { bulkRefund: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, operator, params, correlationId }) => {
    const bulkRefundId = params.id;
    const actor = { kind: "operator", id: operator.id } as const;
    await resumeBulk(dependencies, { bulkRefundId, actor, correlationId });
    return { bulkRefund: await getBulk(dependencies, { bulkRefundId }) };
  },
);
