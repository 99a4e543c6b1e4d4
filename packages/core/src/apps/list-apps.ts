import { apps } from "@redress/database";
import { and, inArray, isNotNull } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { type AppView, readAppViews } from "./app-view.ts";

/**
 * Apps by slug, those that the reader may see.
 *
 * @param input.stopped only those whose refunds are stopped
 */
export async function listApps(
  dependencies: Dependencies,
  input: { appIds: readonly string[] | "all"; stopped?: true },
): Promise<AppView[]> {
  return readAppViews(
    dependencies.database,
    and(
      input.appIds === "all" ? undefined : inArray(apps.id, [...input.appIds]),
      input.stopped && isNotNull(apps.refundsStoppedAt),
    ),
  );
}
