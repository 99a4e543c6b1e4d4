import { takeBackEndorsement } from "@redress/core/approvals/take-back-endorsement";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** Takes back one's own approval of a request that still waits for others. */
export const POST = route(
  { permission: "refunds.decide", owner: { refund: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, operator, params, correlationId }) => ({
    refund: await takeBackEndorsement(dependencies, {
      refundId: params.id,
      operatorId: operator.id,
      correlationId,
    }),
  }),
);
