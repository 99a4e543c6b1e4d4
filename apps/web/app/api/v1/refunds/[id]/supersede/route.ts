import { supersedeRefund } from "@redress/core/refunds/supersede-refund";
import { route } from "../../../../../../src/access/route.ts";
import { decisionBody, idParams } from "../../../../../../src/rest/input.ts";

/** Ends the wait for a refund whose error Stripe keeps, and answers with the one that takes its place. */
export const POST = route(
  {
    permission: "refunds.decide",
    owner: { refund: ({ params }) => params.id },
    params: idParams,
    body: decisionBody,
  },
  async ({ dependencies, operator, params, body, correlationId }) => ({
    refund: await supersedeRefund(dependencies, {
      refundId: params.id,
      operatorId: operator.id,
      note: body.note,
      correlationId,
    }),
  }),
);
