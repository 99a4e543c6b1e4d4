import { rejectRefund } from "@redress/core/approvals/reject-refund";
import { route } from "../../../../../../src/access/route.ts";
import { idParams, rejectionBody } from "../../../../../../src/rest/input.ts";

export const POST = route(
  {
    permission: "refunds.decide",
    owner: { refund: ({ params }) => params.id },
    params: idParams,
    body: rejectionBody,
  },
  async ({ dependencies, operator, params, body, correlationId }) => ({
    refund: await rejectRefund(dependencies, {
      refundId: params.id,
      operatorId: operator.id,
      note: body.note,
      correlationId,
    }),
  }),
);
