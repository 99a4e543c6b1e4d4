import { getBulk } from "@redress/core/bulk/bulk-view";
import { rejectBulk } from "@redress/core/bulk/decide-bulk";
import { route } from "../../../../../../src/access/route.ts";
import { bulkRejectionBody } from "../../../../../../src/rest/bulk-input.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

export const POST = route(
  {
    permission: "refunds.decide",
    owner: { bulkRefund: ({ params }) => params.id },
    params: idParams,
    body: bulkRejectionBody,
  },
  async ({ dependencies, operator, params, body, correlationId }) => {
    const bulkRefundId = params.id;
    await rejectBulk(dependencies, { ...body, bulkRefundId, operatorId: operator.id, correlationId });
    return { bulkRefund: await getBulk(dependencies, { bulkRefundId }) };
  },
);
