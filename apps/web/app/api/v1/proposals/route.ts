import { listProposals } from "@redress/core/proposals/list-proposals";
import { proposalStatuses } from "@redress/database";
import { z } from "zod";
import { route } from "../../../../src/access/route.ts";
import { listQuery } from "../../../../src/rest/input.ts";

const query = listQuery.extend({
  status: z.enum(proposalStatuses).exactOptional(),
  purchaseId: z.string().max(100).exactOptional(),
});

/** Refunds that the desk proposes, newest first; `status=open`: those that can be asked for now. */
export const GET = route({ permission: "refunds.read", owner: "apps", query }, async (context) =>
  listProposals(context.dependencies, { ...context.query, appIds: context.scope }),
);
