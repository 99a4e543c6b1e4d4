import type { Dependencies } from "@redress/core/dependencies";
import { deskSettings, operatorRoles, refunds } from "@redress/database";
import { and, count, eq, inArray, isNull } from "drizzle-orm";

/**
 * Which of these requests the operator may not approve, being their own or their agent's. Only for
 * showing why: core refuses it anyway.
 */
export async function ownRequests(
  { database }: Pick<Dependencies, "database">,
  input: { operatorId: string; refundIds: readonly string[] },
): Promise<ReadonlySet<string>> {
  if (input.refundIds.length === 0 || (await singleAdminMayApproveOwn(database))) return new Set();
  const rows = await database
    .select({ id: refunds.id })
    .from(refunds)
    .where(and(inArray(refunds.id, [...input.refundIds]), eq(refunds.requestedByOwner, input.operatorId)));
  return new Set(rows.map(({ id }) => id));
}

async function singleAdminMayApproveOwn(database: Dependencies["database"]): Promise<boolean> {
  const [setting] = await database
    .select({ value: deskSettings.value })
    .from(deskSettings)
    .where(eq(deskSettings.key, "single_admin_may_approve_own"));
  if (!setting?.value) return false;
  const [admins] = await database
    .select({ count: count() })
    .from(operatorRoles)
    .where(and(eq(operatorRoles.role, "admin"), isNull(operatorRoles.appId)));
  return admins?.count === 1;
}
