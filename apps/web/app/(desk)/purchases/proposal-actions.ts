"use server";

import { acceptProposal } from "@redress/core/proposals/accept-proposal";
import { dismissProposal } from "@redress/core/proposals/dismiss-proposal";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "../../../src/access/action.ts";

/** Asks for the refund that a warning of fraud proposes, or decides against it. */
export const decideProposal = action(
  {
    permission: "refunds.request",
    owner: { proposal: (input) => input.proposalId },
    input: z.object({ proposalId: z.string(), decision: z.enum(["ask", "dismiss"]) }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const given = { proposalId: input.proposalId, operatorId: operator.id, correlationId };
    if (input.decision === "ask") {
      const { id } = await acceptProposal(dependencies, given);
      redirect(`/refunds/${id}`);
    }
    await dismissProposal(dependencies, given);
    return { dismissed: true };
  },
);
