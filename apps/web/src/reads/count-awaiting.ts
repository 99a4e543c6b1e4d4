import { bulkRefunds, refunds } from "@redress/database";
import { and, count, eq, inArray } from "drizzle-orm";
import { oncePerRequest } from "./once-per-request.ts";

/** How many requests wait for a decision in these apps: the number beside "Approvals". */
export const countAwaiting = oncePerRequest(async ({ database }, scope) => {
  const waiting = eq(refunds.status, "awaiting_approval");
  const [row] = await database
    .select({ count: count() })
    .from(refunds)
    .where(scope === "all" ? waiting : and(waiting, inArray(refunds.appId, scope)));
  return row?.count ?? 0;
});

/** How many lists wait for a decision: the number beside "Bulk refunds". */
export const countAwaitingLists = oncePerRequest(({ database }, scope) => {
  const waiting = eq(bulkRefunds.status, "awaiting_approval");
  return database.$count(
    bulkRefunds,
    scope === "all" ? waiting : and(waiting, inArray(bulkRefunds.appId, scope)),
  );
});
