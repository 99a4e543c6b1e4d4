import { apps, type Queryable } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { type AppView, readAppViews } from "./app-view.ts";

/** @throws RedressError `app_not_found` */
export async function getApp(dependencies: Dependencies, input: { slug: string }): Promise<AppView> {
  const [app] = await readAppViews(dependencies.database, eq(apps.slug, input.slug));
  if (app === undefined) throw appNotFound(input.slug);
  return app;
}

/**
 * The app's row, locked when read for a change.
 *
 * @throws RedressError `app_not_found`
 */
export async function readAppRow(
  database: Queryable,
  slug: string,
  options: { lock: boolean } = { lock: false },
): Promise<typeof apps.$inferSelect> {
  const query = database.select().from(apps).where(eq(apps.slug, slug));
  const [row] = await (options.lock ? query.for("update") : query);
  if (row === undefined) throw appNotFound(slug);
  return row;
}

function appNotFound(slug: string): RedressError {
  return new RedressError(
    "app_not_found",
    "There is no app with this slug. Choose one from the list of apps.",
    {
      details: { slug },
    },
  );
}
