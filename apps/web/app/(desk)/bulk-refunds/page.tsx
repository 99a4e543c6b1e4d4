import { listApps } from "@redress/core/apps/list-apps";
import { listBulks } from "@redress/core/bulk/bulk-view";
import { newId } from "@redress/core/ids";
import { bulkRefundStatuses } from "@redress/database";
import { Layers } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { bulkLooks } from "../../../components/bulk/bulk-looks.ts";
import { Amounts, BulkMark } from "../../../components/bulk/bulk-marks.tsx";
import { NewBulkForm } from "../../../components/bulk/new-bulk-form.tsx";
import { FilterLinks } from "../../../components/filter-links.tsx";
import Link from "../../../components/link.tsx";
import { LiveRefresh } from "../../../components/live-refresh.tsx";
import { Pager } from "../../../components/pager.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { Cell, HeadCell, Row, rowLink, Table } from "../../../components/ui/table.tsx";
import { When } from "../../../components/when.tsx";
import { openPage } from "../../../src/access/page.ts";
import { allows } from "../../../src/access/scope.ts";
import { readFrom, readSearch, type SearchParams } from "../../../src/http/search.ts";

export const metadata: Metadata = { title: "Bulk refunds" };

const text = z.string().trim().max(200).optional().catch(undefined);
const shown = ["preparing", "awaiting_approval", "running", "paused", "finished"] as const;
const filters = {
  all: "All",
  ...Object.fromEntries(shown.map((status) => [status, bulkLooks[status].label])),
};
const searchSchema = z.object({
  show: z.enum(["all", ...bulkRefundStatuses]).catch("all"),
  app: text,
  filter: text,
  cursor: z.string().max(500).optional().catch(undefined),
});

/** Lists of refunds, newest first, and the form that asks for one. */
export default async function BulkRefundsPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, operator, shown } = await openPage("refunds.read");
  const search = await readSearch(searchParams, searchSchema);
  const { show, app, filter } = search;
  const [apps, { bulkRefunds, nextCursor }] = await Promise.all([
    listApps(dependencies, { appIds: shown }),
    readFrom(search.cursor, (from) =>
      listBulks(dependencies, { appIds: shown, statuses: show === "all" ? undefined : [show], ...from }),
    ),
  ]);
  const askable = apps.filter(({ id }) => allows(operator.grants, "refunds.request", id));
  const isMoving = bulkRefunds.some(({ status }) => status === "running" || status === "preparing");
  return (
    <>
      <LiveRefresh everyMs={isMoving ? 2_000 : 30_000} />
      <PageHeader
        title="Bulk refunds"
        description="Many refunds as one list: judged line by line, approved once, run at the pace that Stripe allows."
      />
      {askable.length > 0 && (
        <NewBulkForm
          {...{ apps: askable, app, filter }}
          requestKey={newId(dependencies.random, "correlation")}
        />
      )}
      <div className="mt-6">
        <FilterLinks path="/bulk-refunds" filters={filters} current={show} />
      </div>
      {bulkRefunds.length > 0 ? (
        <Table>
          <thead>
            <tr>
              <HeadCell>List</HeadCell>
              <HeadCell>State</HeadCell>
              <HeadCell className="hidden sm:table-cell">Done</HeadCell>
              <HeadCell className="text-right">Amount</HeadCell>
              <HeadCell className="hidden text-right md:table-cell">Asked for</HeadCell>
            </tr>
          </thead>
          <tbody>
            {bulkRefunds.map((bulk) => (
              <Row key={bulk.id}>
                <Cell>
                  <Link href={`/bulk-refunds/${bulk.id}`} className={`${rowLink} font-medium`}>
                    {bulk.app.name}
                  </Link>
                  <span className="block max-w-64 truncate text-xs text-ink-faint">
                    {bulk.filter ?? bulk.note ?? `${bulk.itemCount} lines`}
                  </span>
                </Cell>
                <Cell>
                  <BulkMark status={bulk.status} />
                </Cell>
                <Cell className="numeric hidden text-ink-soft sm:table-cell">
                  {bulk.lines.requested.count + bulk.lines.dropped.count} of{" "}
                  {bulk.itemCount - bulk.lines.left_out.count}
                </Cell>
                <Cell className="text-right">
                  <Amounts tally={bulk.lines.requested.count > 0 ? bulk.lines.requested : bulk.lines.ready} />
                </Cell>
                <Cell className="hidden text-right whitespace-nowrap text-ink-soft md:table-cell">
                  <When at={bulk.requestedAt} />
                </Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      ) : (
        <EmptyState icon={Layers} title={show === "all" ? "No bulk refund yet" : "None of these"}>
          A workshop that was cancelled is refunded here in one go: from a search of purchases or from a CSV.
        </EmptyState>
      )}
      <Pager path="/bulk-refunds" search={search} nextCursor={nextCursor} />
    </>
  );
}
