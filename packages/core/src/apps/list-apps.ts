import { apps } from "@redress/database";
import { inArray } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { type AppView, readAppViews } from "./app-view.ts";

/** Apps by slug, those that the reader may see. */
export async function listApps(
  dependencies: Dependencies,
  input: { appIds: readonly string[] | "all" },
): Promise<AppView[]> {
  const where = input.appIds === "all" ? undefined : inArray(apps.id, [...input.appIds]);
  return readAppViews(dependencies.database, where);
}
