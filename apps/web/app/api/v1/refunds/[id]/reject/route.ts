import { rejectRefund } from "@redress/core/approvals/reject-refund";
import { route } from "../../../../../../src/access/route.ts";
import { decisionBody, idParams } from "../../../../../../src/rest/input.ts";

export const POST = route(
  {
    permission: "refunds.decide",
    owner: { refund: ({ params }) => params.id },
    params: idParams,
    body: decisionBody,
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
