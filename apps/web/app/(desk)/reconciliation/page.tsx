import { listComparisons } from "@redress/core/reconciliation/list-comparisons";
import { listDrifts } from "@redress/core/reconciliation/list-drifts";
import { driftKinds } from "@redress/database";
import { Plug, Scale } from "lucide-react";
import type { Metadata } from "next";
import Form from "next/form";
import { z } from "zod";
import { AppOptions } from "../../../components/app-filter.tsx";
import { FilterLinks } from "../../../components/filter-links.tsx";
import { LiveRefresh } from "../../../components/live-refresh.tsx";
import { Pager } from "../../../components/pager.tsx";
import { ComparisonTable } from "../../../components/reconciliation/comparison-table.tsx";
import { DriftTable } from "../../../components/reconciliation/drift-table.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Select } from "../../../components/ui/field.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { openPage } from "../../../src/access/page.ts";
import { allows } from "../../../src/access/scope.ts";
import { readFrom, readSearch, type SearchParams } from "../../../src/http/search.ts";

export const metadata: Metadata = { title: "Reconciliation" };

const filters = { all: "All differences", refunds: "Refunds only", undecided: "Needs someone" };
/** Each missed refund brings the events of it along: who looks for money leaves them out. */
const refundKinds = driftKinds.filter((kind) => kind.startsWith("refund_"));
const searchSchema = z.object({
  show: z.enum(["all", "refunds", "undecided"]).catch("all"),
  app: z.string().max(100).optional().catch(undefined),
  cursor: z.string().max(500).optional().catch(undefined),
});

/** Whether the books are right: each app's last comparison with Stripe, and what differed. */
export default async function ReconciliationPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, operator, shown } = await openPage("audit.read");
  const search = await readSearch(searchParams, searchSchema);
  const { show, app, cursor } = search;
  const [comparisons, { drifts, nextCursor }] = await Promise.all([
    listComparisons(dependencies, { appIds: shown }),
    readFrom(cursor, (from) =>
      listDrifts(dependencies, {
        appIds: shown,
        app,
        kinds: show === "refunds" ? refundKinds : undefined,
        undecided: show === "undecided",
        ...from,
      }),
    ),
  ]);
  const isRunning = comparisons.some(({ running }) => running !== null);
  return (
    <>
      <LiveRefresh everyMs={isRunning ? 2000 : 30_000} />
      <PageHeader
        title="Reconciliation"
        description="Each hour every connected account is compared with what stands here. What differs is mended at once, and listed."
      />
      {comparisons.length > 0 ? (
        <ComparisonTable
          comparisons={comparisons}
          mayStart={(appId) => allows(operator.grants, "connections.manage", appId)}
        />
      ) : (
        <EmptyState icon={Plug} title="No app yet">
          Add an app under Integrations and connect it to Stripe.
        </EmptyState>
      )}
      <div className="mt-8 mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <h2 className="text-base font-semibold">What differed</h2>
        {comparisons.length > 1 && (
          <AppFilter apps={comparisons.map((each) => each.app)} app={app} show={show} />
        )}
      </div>
      <FilterLinks path="/reconciliation" filters={filters} current={show} keep={{ app }} />
      {drifts.length > 0 ? (
        <DriftTable drifts={drifts} />
      ) : (
        <EmptyState
          icon={Scale}
          title={show === "all" && !app ? "Nothing has ever differed" : "None of these"}
        >
          Refunds made elsewhere, webhooks that never came, and work that was lost appear here.
        </EmptyState>
      )}
      <Pager path="/reconciliation" search={search} nextCursor={nextCursor} />
    </>
  );
}

function AppFilter({
  apps,
  app,
  show,
}: {
  apps: readonly { slug: string; name: string }[];
  app: string | undefined;
  show: string;
}) {
  return (
    <Form action="/reconciliation" className="flex gap-2">
      {show !== "all" && <input type="hidden" name="show" value={show} />}
      <Select key={app} name="app" aria-label="App" defaultValue={app ?? ""} className="w-auto max-w-48">
        <AppOptions apps={apps} />
      </Select>
      <Button type="submit">Show</Button>
    </Form>
  );
}
