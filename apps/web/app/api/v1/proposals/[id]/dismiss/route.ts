import { dismissProposal } from "@redress/core/proposals/dismiss-proposal";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** Decides against the proposed refund. */
export const POST = route(
  { permission: "refunds.request", owner: { proposal: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, operator, params, correlationId }) => {
    await dismissProposal(dependencies, { proposalId: params.id, operatorId: operator.id, correlationId });
    return { proposalId: params.id };
  },
);
