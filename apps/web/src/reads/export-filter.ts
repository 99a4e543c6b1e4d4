import type { RefundExport } from "@redress/core/accounting/export-refunds";
import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";
import { apps } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Scope } from "../access/scope.ts";
import type { RefundExportQuery } from "../rest/export-input.ts";

/** What was asked for, within what the caller may see. */
export async function exportFilterOf(
  dependencies: Pick<Dependencies, "database">,
  scope: Scope,
  { app, ...rest }: RefundExportQuery,
): Promise<RefundExport> {
  return { ...rest, appIds: await appIdsOf(dependencies, scope, app) };
}

/**
 * The app that was asked for, or all that the caller may see.
 *
 * @throws RedressError `app_not_found`: an empty file would be taken for an app without any
 */
export async function appIdsOf(
  { database }: Pick<Dependencies, "database">,
  scope: Scope,
  slug: string | undefined,
): Promise<Scope> {
  if (slug === undefined) return scope;
  const [row] = await database.select({ id: apps.id }).from(apps).where(eq(apps.slug, slug));
  if (row === undefined || (scope !== "all" && !scope.includes(row.id))) {
    throw new RedressError(
      "app_not_found",
      "There is no app with this slug that you may see. The list of apps has the slugs.",
      { details: { slug } },
    );
  }
  return [row.id];
}
