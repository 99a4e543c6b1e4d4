import type { AuditFilter } from "@redress/core/audit/filter-audit";
import type { Dependencies } from "@redress/core/dependencies";
import { apps } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Scope } from "../access/scope.ts";
import type { AuditQuery } from "../rest/audit-input.ts";

/** What was asked for, within what the caller may see: an app that is not theirs has no entries. */
export async function auditFilterOf(
  { database }: Pick<Dependencies, "database">,
  scope: Scope,
  { app, actor, ...rest }: AuditQuery,
): Promise<AuditFilter> {
  const filter = { ...rest, ...(actor === undefined ? {} : { actorId: actor }) };
  if (app === undefined) return { ...filter, appIds: scope };
  const rows = await database.select({ id: apps.id }).from(apps).where(eq(apps.slug, app));
  const appIds = rows.map(({ id }) => id).filter((id) => scope === "all" || scope.includes(id));
  return { ...filter, appIds };
}
