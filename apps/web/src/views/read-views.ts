import type { AppView } from "@redress/core/apps/app-view";
import type { Dependencies } from "@redress/core/dependencies";
import { listViews, type SavedView } from "@redress/core/views/saved-views";
import type { ViewPage } from "@redress/database";
import type { SignedIn } from "../access/operator.ts";
import { type OpenedView, openView } from "./filters.ts";

/** The views over a list, and the one that was opened. */
export interface PageViews {
  readonly page: ViewPage;
  readonly views: readonly SavedView[];
  readonly opened: OpenedView | null;
  /** A view was asked for that the reader has not, or not any more. */
  readonly isGone: boolean;
}

/** @param asked the id in the address */
export async function readViews(
  dependencies: Pick<Dependencies, "database">,
  { grants }: Pick<SignedIn, "grants">,
  { page, asked, apps }: { page: ViewPage; asked: string | undefined; apps: readonly AppView[] },
): Promise<PageViews> {
  const views = await listViews(dependencies, { page, grants });
  const view = views.find(({ id }) => id === asked);
  return {
    ...{ page, views },
    opened: view === undefined ? null : openView(page, view, apps),
    isGone: asked !== undefined && asked !== "" && view === undefined,
  };
}
