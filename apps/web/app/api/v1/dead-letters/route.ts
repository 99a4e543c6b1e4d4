import { listDeadLetters } from "@redress/core/webhooks/dead-letters";
import { z } from "zod";
import { route } from "../../../../src/access/route.ts";
import { listQuery } from "../../../../src/rest/input.ts";

const query = listQuery.extend({ app: z.string().max(100).exactOptional() });

/** Messages of every kind whose work failed for good, with the reason, newest first. */
export const GET = route({ permission: "audit.read", owner: "apps", query }, async (context) =>
  listDeadLetters(context.dependencies, { ...context.query, appIds: context.scope }),
);
