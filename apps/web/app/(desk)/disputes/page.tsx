import { listApps } from "@redress/core/apps/list-apps";
import { listDisputes, type OpenDispute } from "@redress/core/purchases/list-disputes";
import { ShieldCheck } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { AppFilter } from "../../../components/app-filter.tsx";
import Link from "../../../components/link.tsx";
import { Money } from "../../../components/money.tsx";
import { Pager } from "../../../components/pager.tsx";
import { EvidenceDue } from "../../../components/purchases/evidence-due.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { Cell, HeadCell, Row, rowLink, Table } from "../../../components/ui/table.tsx";
import { openPage } from "../../../src/access/page.ts";
import { readFrom, readSearch, type SearchParams } from "../../../src/http/search.ts";

export const metadata: Metadata = { title: "Disputes" };

const searchSchema = z.object({
  app: z.string().trim().max(100).catch("").default(""),
  cursor: z.string().max(500).optional().catch(undefined),
});

/** Open disputes, the one whose evidence is due first before all others. They are answered at Stripe. */
export default async function DisputesPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, shown } = await openPage("purchases.read");
  const search = await readSearch(searchParams, searchSchema);
  const app = search.app === "" ? undefined : search.app;
  const [apps, { disputes, nextCursor }] = await Promise.all([
    listApps(dependencies, { appIds: shown }),
    readFrom(search.cursor, (from) => listDisputes(dependencies, { appIds: shown, app, ...from })),
  ]);
  return (
    <>
      <PageHeader
        title="Disputes"
        description="Payments that a customer’s bank disputes. Answer them in the Stripe Dashboard; the most urgent comes first."
      />
      <AppFilter path="/disputes" apps={apps} app={search.app} />
      {disputes.length > 0 ? (
        <DisputeTable disputes={disputes} />
      ) : (
        <EmptyState icon={ShieldCheck} title="No open dispute">
          One that a customer’s bank opens appears here, with the day by which Stripe takes evidence.
        </EmptyState>
      )}
      <Pager path="/disputes" search={search} nextCursor={nextCursor} />
    </>
  );
}

function DisputeTable({ disputes }: { disputes: readonly OpenDispute[] }) {
  return (
    <Table>
      <thead>
        <tr>
          <HeadCell>Purchase</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell className="text-right">Paid</HeadCell>
        </tr>
      </thead>
      <tbody>
        {disputes.map((dispute) => (
          <Row key={dispute.id}>
            <Cell className="align-top">
              <Link href={`/purchases/${dispute.id}`} className={`${rowLink} font-medium`}>
                {dispute.customerName ?? dispute.customerEmail ?? dispute.stripeChargeId}
              </Link>
              <span className="block text-xs text-ink-faint">
                {dispute.app.name}
                {dispute.productName && `, ${dispute.productName}`}
              </span>
            </Cell>
            <Cell className="align-top">
              {dispute.disputeStatus?.replaceAll("_", " ")}
              {dispute.disputeDueAt && (
                <span className="block text-xs">
                  <EvidenceDue at={dispute.disputeDueAt} />
                </span>
              )}
            </Cell>
            <Cell className="text-right align-top">
              <Money amount={dispute.amountCaptured} currency={dispute.currency} />
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
