import { isStorable } from "@redress/core/parse-input";
import type { SavedView } from "@redress/core/views/saved-views";
import type { ViewPage } from "@redress/database";
import { z } from "zod";

const text = z.string().trim().max(200).optional().catch(undefined);

/** Groups of statuses that people ask for. */
export const refundGroups = ["all", "waiting", "moving", "done", "failed", "closed"] as const;

export const purchaseFilters = z.object({ query: text, app: text });
export const refundFilters = z.object({ show: z.enum(refundGroups).catch("all") });
const filtersOf = { purchases: purchaseFilters, refunds: refundFilters } as const;
/** What an address says that has no filter. */
const usual: Readonly<Record<string, string>> = { show: "all" };

/** The filters of a page as a view keeps them: those that it knows and that say something, in their order. */
export function keptSearch(page: ViewPage, given: Readonly<Record<string, string | undefined>>): string {
  const known: Readonly<Record<string, string | undefined>> = filtersOf[page].parse(given);
  const kept = Object.entries(known).flatMap(([name, value]) =>
    value === undefined || value === "" || value === usual[name] ? [] : [[name, value]],
  );
  return new URLSearchParams(kept).toString();
}

/** The same of what a form sends. */
export const keptOfText = (page: ViewPage, search: string): string =>
  keptSearch(
    page,
    Object.fromEntries([...new URLSearchParams(search)].filter(([, value]) => isStorable(value))),
  );

export interface OpenedView {
  readonly view: SavedView;
  /** What it says today; what it says no longer is left out. */
  readonly filters: Readonly<Record<string, string>>;
  /** Names of filters that no longer mean anything. */
  readonly ignored: readonly string[];
}

/** Reads a view by the same schema as an address, so that an old one shows the page and no error. */
export function openView(page: ViewPage, view: SavedView, apps: readonly { slug: string }[]): OpenedView {
  const given = new URLSearchParams(view.search);
  const filters = Object.fromEntries(new URLSearchParams(keptOfText(page, view.search)));
  if (filters.app !== undefined && !apps.some(({ slug }) => slug === filters.app)) delete filters.app;
  return { view, filters, ignored: [...given.keys()].filter((name) => filters[name] !== given.get(name)) };
}
