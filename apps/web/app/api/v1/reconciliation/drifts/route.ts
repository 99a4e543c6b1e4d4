import { listDrifts } from "@redress/core/reconciliation/list-drifts";
import { z } from "zod";
import { route } from "../../../../../src/access/route.ts";
import { listQuery } from "../../../../../src/rest/input.ts";

const text = z.string().max(100).exactOptional();
const query = listQuery.extend({
  app: text,
  refundId: text,
  undecided: z
    .enum(["true", "false"])
    .transform((word) => word === "true")
    .optional(),
});

/** What differed between the books and Stripe, which side was right and what was done, newest first. */
export const GET = route({ permission: "audit.read", owner: "apps", query }, async (context) =>
  listDrifts(context.dependencies, { ...context.query, appIds: context.scope }),
);
