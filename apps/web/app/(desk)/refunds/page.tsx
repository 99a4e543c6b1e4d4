import { listApps } from "@redress/core/apps/list-apps";
import { listRefunds } from "@redress/core/refunds/list-refunds";
import type { RefundStatus } from "@redress/database";
import { Undo2 } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { RefundExport } from "../../../components/exports/refund-export.tsx";
import { FilterLinks } from "../../../components/filter-links.tsx";
import { LiveRefresh } from "../../../components/live-refresh.tsx";
import { Pager } from "../../../components/pager.tsx";
import { RefundTable } from "../../../components/refunds/refund-table.tsx";
import { movingStatuses } from "../../../components/refunds/status.ts";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { ViewTabs } from "../../../components/views/view-tabs.tsx";
import { openPage } from "../../../src/access/page.ts";
import { readFrom, readSearch, type SearchParams } from "../../../src/http/search.ts";
import { refundFilters, type refundGroups } from "../../../src/views/filters.ts";
import { readViews } from "../../../src/views/read-views.ts";

export const metadata: Metadata = { title: "Refunds" };

/** Groups of statuses that people ask for. */
const filters = {
  all: { label: "All", statuses: undefined },
  waiting: { label: "Needs someone", statuses: ["awaiting_approval", "requires_action", "blocked"] },
  moving: { label: "On its way", statuses: ["requested", "approved", "executing", "pending"] },
  done: { label: "Refunded", statuses: ["succeeded"] },
  failed: { label: "Failed or refused", statuses: ["failed", "refused", "canceled"] },
  closed: { label: "Not made", statuses: ["rejected", "expired", "withdrawn", "superseded"] },
} as const satisfies Record<
  (typeof refundGroups)[number],
  { label: string; statuses: readonly RefundStatus[] | undefined }
>;

const filterNames = Object.fromEntries(Object.entries(filters).map(([show, { label }]) => [show, label]));

const text = z.string().max(500).optional().catch(undefined);
const searchSchema = refundFilters.extend({ view: text, cursor: text });

export default async function RefundsPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, operator, scope, shown } = await openPage("refunds.read");
  const search = await readSearch(searchParams, searchSchema);
  const apps = await listApps(dependencies, { appIds: scope });
  const views = await readViews(dependencies, operator, { page: "refunds", asked: search.view, apps });
  const { show } = refundFilters.parse(views.opened?.filters ?? search);
  const { refunds, nextCursor } = await readFrom(search.cursor, (from) =>
    listRefunds(dependencies, {
      appIds: shown,
      statuses: filters[show].statuses,
      limit: 50,
      ...from,
    }),
  );
  return (
    <>
      {refunds.some(({ status }) => movingStatuses.includes(status)) && <LiveRefresh everyMs={5000} />}
      <PageHeader title="Refunds" />
      <ViewTabs views={views} filters={{ show }} />
      <FilterLinks path="/refunds" filters={filterNames} current={show} />
      {refunds.length > 0 ? (
        <RefundTable refunds={refunds} />
      ) : (
        <EmptyState icon={Undo2} title={show === "all" ? "No refunds yet" : "None of these"}>
          {show === "all"
            ? "Find a purchase and refund it. Refunds made in Stripe’s own Dashboard appear here too."
            : "No refund is in this state now."}
        </EmptyState>
      )}
      <Pager path="/refunds" search={search} nextCursor={nextCursor} />
      <RefundExport apps={apps} />
    </>
  );
}
