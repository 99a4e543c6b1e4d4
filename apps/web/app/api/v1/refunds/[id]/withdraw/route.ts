import { withdrawRefund } from "@redress/core/refunds/withdraw-refund";
import { route } from "../../../../../../src/access/route.ts";
import { decisionBody, idParams } from "../../../../../../src/rest/input.ts";

export const POST = route(
  {
    permission: "refunds.withdraw",
    owner: { refund: ({ params }) => params.id },
    params: idParams,
    body: decisionBody,
  },
  async ({ dependencies, operator, params, body, correlationId }) => ({
    refund: await withdrawRefund(dependencies, {
      refundId: params.id,
      actor: { kind: "operator", id: operator.id },
      note: body.note,
      correlationId,
    }),
  }),
);
