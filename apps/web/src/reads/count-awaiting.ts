import type { Dependencies } from "@redress/core/dependencies";
import { bulkRefunds, refunds } from "@redress/database";
import { and, count, eq, inArray } from "drizzle-orm";
import type { Scope } from "../access/scope.ts";

/** How many requests wait for a decision in these apps: the number beside "Approvals". */
export async function countAwaiting({ database }: Dependencies, scope: Scope): Promise<number> {
  const waiting = eq(refunds.status, "awaiting_approval");
  const [row] = await database
    .select({ count: count() })
    .from(refunds)
    .where(scope === "all" ? waiting : and(waiting, inArray(refunds.appId, scope)));
  return row?.count ?? 0;
}

/** How many lists wait for a decision: the number beside "Bulk refunds". */
export async function countAwaitingLists({ database }: Dependencies, scope: Scope): Promise<number> {
  const waiting = eq(bulkRefunds.status, "awaiting_approval");
  return database.$count(
    bulkRefunds,
    scope === "all" ? waiting : and(waiting, inArray(bulkRefunds.appId, scope)),
  );
}
