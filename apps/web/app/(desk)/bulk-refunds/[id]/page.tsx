import { type BulkView, getBulk } from "@redress/core/bulk/bulk-view";
import { listItems } from "@redress/core/bulk/list-items";
import { formatMoney } from "@redress/core/money";
import { bulkItemStatuses } from "@redress/database";
import { Download } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { BackLink } from "../../../../components/back-link.tsx";
import { BulkDecisionForm, BulkSteering, type Step } from "../../../../components/bulk/bulk-forms.tsx";
import { lineLooks, lineReasons, pausedSentences } from "../../../../components/bulk/bulk-looks.ts";
import { Amounts, BulkMark } from "../../../../components/bulk/bulk-marks.tsx";
import { BulkProgress } from "../../../../components/bulk/bulk-progress.tsx";
import { LineTable } from "../../../../components/bulk/line-table.tsx";
import { WithdrawBulkForm } from "../../../../components/bulk/withdraw-form.tsx";
import { FilterLinks } from "../../../../components/filter-links.tsx";
import Link from "../../../../components/link.tsx";
import { LiveRefresh } from "../../../../components/live-refresh.tsx";
import { Banner } from "../../../../components/ui/banner.tsx";
import { Button } from "../../../../components/ui/button.tsx";
import { Card, CardTitle, Properties, Property } from "../../../../components/ui/card.tsx";
import { PageHeader } from "../../../../components/ui/page.tsx";
import { When } from "../../../../components/when.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { allows } from "../../../../src/access/scope.ts";
import { readSearch, type SearchParams, withSearch } from "../../../../src/http/search.ts";

export const metadata: Metadata = { title: "Bulk refund" };

const searchSchema = z.object({
  show: z.enum(["all", ...bulkItemStatuses]).catch("all"),
  after: z.coerce.number().int().min(0).catch(0).default(0),
});

/** One list: what it returns, what is left out and why, how far it has come, and every line. */
export default async function BulkRefundPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: SearchParams;
}) {
  const { id } = await params;
  const { dependencies, operator } = await openPage("refunds.read", { bulkRefund: () => id });
  const { show, after } = await readSearch(searchParams, searchSchema);
  const bulk = await getBulk(dependencies, { bulkRefundId: id });
  const statuses = show === "all" ? undefined : [show];
  const { items, nextAfter } = await listItems(dependencies, { bulkRefundId: id, statuses, after });
  const isMoving = bulk.status === "running" || bulk.status === "preparing";
  const mayDecide = allows(operator.grants, "refunds.decide", bulk.app.id);
  const filters = {
    all: "All lines",
    ...Object.fromEntries(
      bulkItemStatuses
        .filter((status) => bulk.lines[status].count > 0)
        .map((status) => [
          status,
          `${lineLooks[status].label} ${bulk.lines[status].count.toLocaleString("en")}`,
        ]),
    ),
  };
  return (
    <>
      <LiveRefresh everyMs={isMoving ? 1_500 : 20_000} />
      <BackLink href="/bulk-refunds">Bulk refunds</BackLink>
      <PageHeader
        title={`${bulk.app.name}: ${bulk.itemCount.toLocaleString("en")} ${bulk.itemCount === 1 ? "line" : "lines"}`}
        description={bulk.note ?? bulk.filter}
      >
        <BulkMark status={bulk.status} />
      </PageHeader>
      <div className="mb-6 grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid content-start gap-4">
          {bulk.pausedCode !== null && <Banner tone="waiting">{pausedSentences[bulk.pausedCode]}</Banner>}
          <Card className="grid gap-4 p-4">
            <BulkProgress bulk={bulk} />
            <Steps bulk={bulk} mayDecide={mayDecide} />
          </Card>
          {bulk.status === "awaiting_approval" && mayDecide && (
            <Card className="p-4">
              <Decision bulk={bulk} operatorId={operator.id} />
            </Card>
          )}
        </div>
        <Facts bulk={bulk} mayWithdraw={allows(operator.grants, "refunds.withdraw", bulk.app.id)} />
      </div>
      <FilterLinks path={`/bulk-refunds/${id}`} filters={filters} current={show} />
      <LineTable lines={items} />
      {(after > 0 || nextAfter !== null) && (
        <nav aria-label="Pages" className="mt-3 flex justify-end gap-2">
          {after > 0 && (
            <Button asChild size="small">
              <Link href={withSearch(`/bulk-refunds/${id}`, { show: show === "all" ? undefined : show })}>
                First lines
              </Link>
            </Button>
          )}
          {nextAfter !== null && (
            <Button asChild size="small">
              <Link
                href={withSearch(`/bulk-refunds/${id}`, {
                  ...{ show: show === "all" ? undefined : show, after: String(nextAfter) },
                })}
              >
                More lines
              </Link>
            </Button>
          )}
        </nav>
      )}
    </>
  );
}

function Steps({ bulk, mayDecide }: { bulk: BulkView; mayDecide: boolean }) {
  const steps: readonly Step[] =
    bulk.status === "running"
      ? ["pause", "cancel"]
      : bulk.status !== "paused"
        ? []
        : bulk.pausedCode === "approver_gone"
          ? ["cancel"]
          : ["resume", "cancel"];
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      {mayDecide && steps.length > 0 ? <BulkSteering bulkRefundId={bulk.id} steps={steps} /> : <span />}
      <Button asChild size="small">
        <a href={`/api/v1/bulk-refunds/${bulk.id}/result`} download>
          <Download aria-hidden /> Result as CSV
        </a>
      </Button>
    </div>
  );
}

function Decision({ bulk, operatorId }: { bulk: BulkView; operatorId: string }) {
  if (bulk.requestedByOwner === operatorId) {
    return (
      <p className="text-sm text-ink-soft">
        You, or an agent whose key is yours, asked for this list: somebody else has to approve it.
      </p>
    );
  }
  if (bulk.approvedBy.some(({ id }) => id === operatorId)) {
    return <p className="text-sm text-ink-soft">You have approved it. It needs somebody else as well.</p>;
  }
  return (
    <BulkDecisionForm
      bulkRefundId={bulk.id}
      listHash={bulk.listHash ?? ""}
      count={bulk.lines.ready.count}
      total={bulk.lines.ready.amounts.map((money) => formatMoney(money)).join(" and ")}
      missing={bulk.approversNeeded - bulk.approvedBy.length}
    />
  );
}

function Facts({ bulk, mayWithdraw }: { bulk: BulkView; mayWithdraw: boolean }) {
  const isOpen = bulk.status === "preparing" || bulk.status === "awaiting_approval";
  const { ready, requested, left_out, dropped } = bulk.lines;
  return (
    <Card>
      <CardTitle aside={isOpen && mayWithdraw && <WithdrawBulkForm bulkRefundId={bulk.id} />}>
        What it returns
      </CardTitle>
      <Properties>
        {ready.count > 0 && (
          <Property name="To refund">
            <span className="numeric">{ready.count.toLocaleString("en")}</span> · <Amounts tally={ready} />
          </Property>
        )}
        {requested.count > 0 && (
          <Property name="Asked for">
            <span className="numeric">{requested.count.toLocaleString("en")}</span> ·{" "}
            <Amounts tally={requested} />
          </Property>
        )}
        {left_out.count + dropped.count > 0 && (
          <Property name="Not refunded">
            <ul>
              {bulk.reasons.map(({ code, count }) => (
                <li key={code}>
                  <span className="numeric">{count.toLocaleString("en")}</span>{" "}
                  {lineReasons[code] ?? code.replaceAll("_", " ")}
                </li>
              ))}
            </ul>
          </Property>
        )}
        <Property name="Reason">{bulk.reason.replaceAll("_", " ")}</Property>
        <Property name="Asked by">
          {bulk.requestedBy.name ?? bulk.requestedBy.id}, <When at={bulk.requestedAt} />
        </Property>
        {bulk.approvedBy.length > 0 && (
          <Property name="Approved by">
            {bulk.approvedBy.map(({ name, id }) => name ?? id).join(", ")}
          </Property>
        )}
        {bulk.decisionNote !== null && <Property name="Note">{bulk.decisionNote}</Property>}
        {bulk.approversNeeded > 1 && <Property name="Needs">{bulk.approversNeeded} people</Property>}
        {bulk.expiresAt !== null && (
          <Property name="Lapses">
            <When at={bulk.expiresAt} />
          </Property>
        )}
      </Properties>
    </Card>
  );
}
