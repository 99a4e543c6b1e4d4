import { withdrawRefund } from "@redress/core/refunds/withdraw-refund";
import { callerRoute } from "../../../../../../src/access/route.ts";
import { leanRefund, viewFor } from "../../../../../../src/rest/agent-view.ts";
import { decisionBody, idParams } from "../../../../../../src/rest/input.ts";

export const POST = callerRoute(
  {
    permission: "refunds.withdraw",
    owner: { refund: ({ params }) => params.id },
    params: idParams,
    body: decisionBody,
  },
  async ({ dependencies, requester, params, body, correlationId }) => {
    const refund = await withdrawRefund(dependencies, {
      refundId: params.id,
      actor: requester,
      note: body.note,
      correlationId,
    });
    return { refund: viewFor(requester, refund, (one) => leanRefund(dependencies, one)) };
  },
);
