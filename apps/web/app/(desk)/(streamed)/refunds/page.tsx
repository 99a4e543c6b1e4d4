import { listApps } from "@redress/core/apps/list-apps";
import { listRefunds } from "@redress/core/refunds/list-refunds";
import type { RefundStatus } from "@redress/database";
import { Undo2 } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { RefundExport } from "../../../../components/exports/refund-export.tsx";
import { FilterLinks } from "../../../../components/filter-links.tsx";
import { LiveRefresh } from "../../../../components/live-refresh.tsx";
import { Pager } from "../../../../components/pager.tsx";
import { RefundTable } from "../../../../components/refunds/refund-table.tsx";
import { movingStatuses } from "../../../../components/refunds/status.ts";
import { EmptyState, PageHeader } from "../../../../components/ui/page.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { readFrom, readSearch, type SearchParams } from "../../../../src/http/search.ts";

export const metadata: Metadata = { title: "Refunds" };

/** Groups of statuses that people ask for. */
const filters = {
  all: { label: "All", statuses: undefined },
  waiting: { label: "Needs someone", statuses: ["awaiting_approval", "requires_action", "blocked"] },
  moving: { label: "On its way", statuses: ["requested", "approved", "executing", "pending"] },
  done: { label: "Refunded", statuses: ["succeeded"] },
  failed: { label: "Failed or refused", statuses: ["failed", "refused", "canceled"] },
  closed: { label: "Not made", statuses: ["rejected", "expired", "withdrawn", "superseded"] },
} as const satisfies Record<string, { label: string; statuses: readonly RefundStatus[] | undefined }>;

const filterNames = Object.fromEntries(Object.entries(filters).map(([show, { label }]) => [show, label]));

const searchSchema = z.object({
  show: z.enum(["all", "waiting", "moving", "done", "failed", "closed"]).catch("all"),
  cursor: z.string().max(500).optional().catch(undefined),
});

export default async function RefundsPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, shown } = await openPage("refunds.read");
  const search = await readSearch(searchParams, searchSchema);
  const { refunds, nextCursor } = await readFrom(search.cursor, (from) =>
    listRefunds(dependencies, {
      appIds: shown,
      statuses: filters[search.show].statuses,
      limit: 50,
      ...from,
    }),
  );
  const apps = await listApps(dependencies, { appIds: shown });
  return (
    <>
      {refunds.some(({ status }) => movingStatuses.includes(status)) && <LiveRefresh everyMs={5000} />}
      <PageHeader title="Refunds" />
      <FilterLinks path="/refunds" filters={filterNames} current={search.show} />
      {refunds.length > 0 ? (
        <RefundTable refunds={refunds} />
      ) : (
        <EmptyState icon={Undo2} title={search.show === "all" ? "No refunds yet" : "None of these"}>
          {search.show === "all"
            ? "Find a purchase and refund it. Refunds made in Stripe’s own Dashboard appear here too."
            : "No refund is in this state now."}
        </EmptyState>
      )}
      <Pager path="/refunds" search={search} nextCursor={nextCursor} />
      <RefundExport apps={apps} />
    </>
  );
}
