import { UsersRound } from "lucide-react";
import { withSearch } from "../../src/http/search.ts";
import { keptSearch } from "../../src/views/filters.ts";
import type { PageViews } from "../../src/views/read-views.ts";
import Link from "../link.tsx";
import { Banner } from "../ui/banner.tsx";
import { KeepViewForm, NameViewForm, RemoveViewForm } from "./view-forms.tsx";

const chip =
  "inline-flex items-center gap-1.5 rounded-full border border-line px-3 py-1 text-xs text-ink-soft hover:bg-sunken aria-[current=true]:border-ink aria-[current=true]:bg-ink aria-[current=true]:text-canvas";

const filterNames: Readonly<Record<string, string>> = { app: "an app", query: "words", show: "a state" };

/**
 * The saved views over a list, and what can be done with the present filters: saved, or, where they are a view of the
 * reader's, renamed and deleted.
 *
 * @param filters what the list is filtered by now
 */
export function ViewTabs({
  views: { page, views, opened, isGone },
  filters,
}: {
  views: PageViews;
  filters: Readonly<Record<string, string | undefined>>;
}) {
  const search = keptSearch(page, filters);
  return (
    <div className="mb-3 grid gap-2 empty:hidden">
      {views.length > 0 && (
        <nav aria-label="Saved views" className="flex flex-wrap gap-1">
          <Link
            href={`/${page}`}
            aria-current={opened === null && search === "" ? "true" : undefined}
            className={chip}
          >
            All {page}
          </Link>
          {views.map(({ id, name, isShared }) => (
            <Link
              key={id}
              href={withSearch(`/${page}`, { view: id })}
              aria-current={opened?.view.id === id ? "true" : undefined}
              className={chip}
            >
              <span className="max-w-48 truncate">{name}</span>
              {isShared && (
                <>
                  <UsersRound aria-hidden className="size-3" />
                  <span className="sr-only">(shared)</span>
                </>
              )}
            </Link>
          ))}
        </nav>
      )}
      {isGone && <Banner tone="plain">This view is not there any more.</Banner>}
      {opened !== null && opened.ignored.length > 0 && (
        <Banner tone="waiting">
          This view was saved with {opened.ignored.map((name) => filterNames[name] ?? name).join(" and ")}{" "}
          that is not there any more, or not for you. That is ignored.
        </Banner>
      )}
      {opened === null && search !== "" && <KeepViewForm page={page} search={search} />}
      {opened?.view.isMine && (
        <div className="grid gap-2 sm:grid-cols-2">
          <NameViewForm viewId={opened.view.id} name={opened.view.name} />
          <RemoveViewForm viewId={opened.view.id} page={page} />
        </div>
      )}
    </div>
  );
}
