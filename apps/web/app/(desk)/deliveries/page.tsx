import { listApps } from "@redress/core/apps/list-apps";
import { deliveryStates, listDeliveries } from "@redress/core/notifications/list-deliveries";
import { Send } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { AppFilter } from "../../../components/app-filter.tsx";
import { DeliveryTable } from "../../../components/deliveries/delivery-table.tsx";
import { ResendWindowForm } from "../../../components/deliveries/resend-window-form.tsx";
import { deliveryLooks } from "../../../components/deliveries/state-mark.tsx";
import { FilterLinks } from "../../../components/filter-links.tsx";
import { Pager } from "../../../components/pager.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { openPage } from "../../../src/access/page.ts";
import { scopeOf } from "../../../src/access/scope.ts";
import { readFrom, readSearch, type SearchParams } from "../../../src/http/search.ts";
import { resendDeliveries } from "./actions.ts";

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
        <DeliveryTable deliveries={deliveries} path="/deliveries" isOfMany />
      ) : (
        <EmptyState icon={Send} title={show === "all" ? "Nothing sent yet" : "None of these"}>
          An app is told of each refund that succeeds or fails, at the address under Integrations.
        </EmptyState>
      )}
      <Pager path="/deliveries" search={search} nextCursor={nextCursor} />
      {(manages === "all" || manages.length > 0) && (
        <ResendWindowForm
          action={resendDeliveries}
          apps={apps.filter(({ id }) => manages === "all" || manages.includes(id))}
        />
      )}
    </>
  );
}
