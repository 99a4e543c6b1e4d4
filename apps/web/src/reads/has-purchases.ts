import type { Dependencies } from "@redress/core/dependencies";
import { purchases } from "@redress/database";
import { inArray } from "drizzle-orm";
import type { Scope } from "../access/scope.ts";

/** Whether any purchase of these apps is known. */
export async function hasPurchases(
  { database }: Pick<Dependencies, "database">,
  scope: Scope,
): Promise<boolean> {
  const rows = await database
    .select({ id: purchases.id })
    .from(purchases)
    .where(scope === "all" ? undefined : inArray(purchases.appId, scope))
    .limit(1);
  return rows.length > 0;
}
