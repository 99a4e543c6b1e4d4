import type { Dependencies } from "@redress/core/dependencies";
import { type BlockedCode, blockageOf } from "@redress/core/refunds/blockage";
import { apps, purchases, refunds } from "@redress/database";
import { eq, inArray } from "drizzle-orm";

/** What would keep each of these requests from running, were it approved now; those that could run are missing. */
export async function blockedRequests(
  { database }: Pick<Dependencies, "database">,
  refundIds: readonly string[],
): Promise<ReadonlyMap<string, BlockedCode>> {
  if (refundIds.length === 0) return new Map();
  const rows = await database
    .select({ id: refunds.id, app: apps, purchase: purchases })
    .from(refunds)
    .innerJoin(apps, eq(apps.id, refunds.appId))
    .innerJoin(purchases, eq(purchases.id, refunds.purchaseId))
    .where(inArray(refunds.id, [...refundIds]));
  return new Map(
    rows.flatMap(({ id, app, purchase }) => {
      const blockage = blockageOf(purchase, app);
      return blockage === null ? [] : [[id, blockage] as const];
    }),
  );
}
