import { getBulk } from "@redress/core/bulk/bulk-view";
import { approveBulk } from "@redress/core/bulk/decide-bulk";
import { route } from "../../../../../../src/access/route.ts";
import { bulkApprovalBody } from "../../../../../../src/rest/bulk-input.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

export const POST = route(
  {
    permission: "refunds.decide",
    owner: { bulkRefund: ({ params }) => params.id },
    params: idParams,
    body: bulkApprovalBody,
  },
  async ({ dependencies, operator, params, body, correlationId }) => {
    const bulkRefundId = params.id;
    await approveBulk(dependencies, { ...body, bulkRefundId, operatorId: operator.id, correlationId });
    return { bulkRefund: await getBulk(dependencies, { bulkRefundId }) };
  },
);
