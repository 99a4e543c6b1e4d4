import type { Dependencies } from "@redress/core/dependencies";
import { readSingleAdminSetting } from "@redress/core/operators/single-admin";
import { operatorRoles, refunds } from "@redress/database";
import { and, eq, inArray } from "drizzle-orm";

/**
 * Which of these requests the operator may not approve, being their own or their agent's. Only for
 * showing why: core decides, and refuses it anyway.
 */
export async function ownRequests(
  dependencies: Pick<Dependencies, "database">,
  input: { operatorId: string; refundIds: readonly string[] },
): Promise<ReadonlySet<string>> {
  const { operatorId, refundIds } = input;
  if (refundIds.length === 0 || (await mayApproveOwn(dependencies, operatorId))) return new Set();
  const rows = await dependencies.database
    .select({ id: refunds.id })
    .from(refunds)
    .where(and(inArray(refunds.id, [...refundIds]), eq(refunds.requestedByOwner, operatorId)));
  return new Set(rows.map(({ id }) => id));
}

/** Whether the desk lets this person approve their own requests, as its only administrator. */
export async function mayApproveOwn(
  dependencies: Pick<Dependencies, "database">,
  operatorId: string,
): Promise<boolean> {
  if (!(await readSingleAdminSetting(dependencies))) return false;
  const admins = await dependencies.database
    .selectDistinct({ id: operatorRoles.operatorId })
    .from(operatorRoles)
    .where(eq(operatorRoles.role, "admin"));
  return admins.length === 1 && admins[0]?.id === operatorId;
}
