import { acceptProposal } from "@redress/core/proposals/accept-proposal";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** Asks for the proposed refund; the same call again answers the same refund. */
export const POST = route(
  {
    permission: "refunds.request",
    owner: { proposal: ({ params }) => params.id },
    params: idParams,
    status: 201,
  },
  async ({ dependencies, operator, params, correlationId }) => ({
    refund: await acceptProposal(dependencies, {
      proposalId: params.id,
      operatorId: operator.id,
      correlationId,
    }),
  }),
);
