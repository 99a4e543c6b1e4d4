import { listApps } from "@redress/core/apps/list-apps";
import {
  type DeliverySummary,
  deliveryStates,
  listDeliveries,
} from "@redress/core/notifications/list-deliveries";
import { Send } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { AppFilter } from "../../../components/app-filter.tsx";
import { messageName, outcomeName } from "../../../components/deliveries/message-name.ts";
import { ResendWindowForm } from "../../../components/deliveries/resend-window-form.tsx";
import { DeliveryStateMark, deliveryLooks } from "../../../components/deliveries/state-mark.tsx";
import { FilterLinks } from "../../../components/filter-links.tsx";
import { Pager } from "../../../components/pager.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { Cell, HeadCell, Table } from "../../../components/ui/table.tsx";
import { ExactTime } from "../../../components/when.tsx";
import { openPage } from "../../../src/access/page.ts";
import { scopeOf } from "../../../src/access/scope.ts";
import { readFrom, readSearch, type SearchParams } from "../../../src/http/search.ts";

export const metadata: Metadata = { title: "Deliveries" };

const filters = {
  all: "All",
  ...Object.fromEntries(deliveryStates.map((state) => [state, deliveryLooks[state].label])),
};
const searchSchema = z.object({
  show: z.enum(["all", ...deliveryStates]).catch("all"),
  app: z.string().trim().max(100).catch("").default(""),
  cursor: z.string().max(500).optional().catch(undefined),
});

/** What apps were told, and what became of it. */
export default async function DeliveriesPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, operator, shown } = await openPage("audit.read");
  const manages = scopeOf(operator.grants, "apps.manage");
  const search = await readSearch(searchParams, searchSchema);
  const { show, app } = search;
  const [apps, { deliveries, nextCursor }] = await Promise.all([
    listApps(dependencies, { appIds: shown }),
    readFrom(search.cursor, (from) =>
      listDeliveries(dependencies, {
        appIds: shown,
        app: app === "" ? undefined : app,
        state: show === "all" ? undefined : show,
        ...from,
      }),
    ),
  ]);
  return (
    <>
      <PageHeader
        title="Deliveries"
        description="Every signed message to an app. One that is not taken is tried again for three days."
      />
      <AppFilter path="/deliveries" apps={apps} app={app} show={show} />
      <FilterLinks path="/deliveries" filters={filters} current={show} keep={{ app }} />
      {deliveries.length > 0 ? (
        <DeliveryTable deliveries={deliveries} />
      ) : (
        <EmptyState icon={Send} title={show === "all" ? "Nothing sent yet" : "None of these"}>
          An app is told of each refund that succeeds or fails, at the address under Integrations.
        </EmptyState>
      )}
      <Pager path="/deliveries" search={search} nextCursor={nextCursor} />
      {(manages === "all" || manages.length > 0) && (
        <ResendWindowForm apps={apps.filter(({ id }) => manages === "all" || manages.includes(id))} />
      )}
    </>
  );
}

function DeliveryTable({ deliveries }: { deliveries: readonly DeliverySummary[] }) {
  return (
    <Table>
      <thead>
        <tr>
          <HeadCell>Since</HeadCell>
          <HeadCell>Message</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell className="hidden lg:table-cell">Last attempt</HeadCell>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <tr key={delivery.id} className="border-b border-line align-top last:border-0">
            <Cell className="align-top text-ink-soft sm:whitespace-nowrap">
              <ExactTime at={delivery.createdAt} className="numeric text-xs" />
            </Cell>
            <Cell className="align-top">
              <Link href={`/deliveries/${delivery.id}`} className="block font-medium hover:underline">
                {messageName(delivery)}
              </Link>
              <span className="text-xs text-ink-faint">{delivery.app.name}</span>
            </Cell>
            <Cell className="align-top">
              <DeliveryStateMark state={delivery.state} />
            </Cell>
            <Cell className="hidden max-w-80 align-top text-xs text-ink-soft lg:table-cell">
              <span className="numeric">
                {delivery.attemptCount > 0 && `${delivery.attemptCount}. `}
                {outcomeName(delivery.lastAttempt)}
              </span>
              {delivery.lastAttempt?.errorMessage && (
                <span className="block text-ink-faint">{delivery.lastAttempt.errorMessage}</span>
              )}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
