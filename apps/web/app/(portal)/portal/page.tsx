import { getApp } from "@redress/core/apps/get-app";
import { deliveryStates, listDeliveries } from "@redress/core/notifications/list-deliveries";
import { Send } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { DeliveryTable } from "../../../components/deliveries/delivery-table.tsx";
import { ResendWindowForm } from "../../../components/deliveries/resend-window-form.tsx";
import { deliveryLooks } from "../../../components/deliveries/state-mark.tsx";
import { FilterLinks } from "../../../components/filter-links.tsx";
import { Pager } from "../../../components/pager.tsx";
import { OwnSecretForm, PingOwnForm } from "../../../components/portal/portal-forms.tsx";
import { Card, CardTitle } from "../../../components/ui/card.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { ZonedTime } from "../../../components/when.tsx";
import { openPortalPage } from "../../../src/access/portal.ts";
import { readFrom, readSearch, type SearchParams } from "../../../src/http/search.ts";
import { resendOwnDeliveries } from "./actions.ts";

export const metadata: Metadata = { title: "Notifications" };

const filters = {
  all: "All",
  ...Object.fromEntries(deliveryStates.map((state) => [state, deliveryLooks[state].label])),
};
const searchSchema = z.object({
  show: z.enum(["all", ...deliveryStates]).catch("all"),
  cursor: z.string().max(500).optional().catch(undefined),
});

/** What the developer's app was told, its address and its secret. */
export default async function PortalPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, visit } = await openPortalPage();
  const search = await readSearch(searchParams, searchSchema);
  const state = search.show === "all" ? undefined : search.show;
  const [{ notificationUrl }, { deliveries, nextCursor }] = await Promise.all([
    getApp(dependencies, { slug: visit.app.slug }),
    readFrom(search.cursor, (from) =>
      listDeliveries(dependencies, { appIds: [visit.app.id], state, ...from }),
    ),
  ]);
  return (
    <>
      <PageHeader
        title={`Notifications of ${visit.app.name}`}
        description={
          <>
            Every signed message to your app. One that it does not take is tried again for three days. This
            link works until <ZonedTime at={visit.expiresAt} />.
          </>
        }
      />
      <div className="mb-6 grid gap-4 md:grid-cols-2">
        <Address url={notificationUrl} />
        <Card>
          <CardTitle>Secret</CardTitle>
          <div className="p-4">
            <OwnSecretForm />
          </div>
        </Card>
      </div>
      <FilterLinks path="/portal" filters={filters} current={search.show} />
      {deliveries.length > 0 ? (
        <DeliveryTable deliveries={deliveries} path="/portal/deliveries" isOfMany={false} />
      ) : (
        <EmptyState icon={Send} title={search.show === "all" ? "Nothing sent yet" : "None of these"}>
          Your app is told of each refund that succeeds or fails. A ping shows that address and secret are
          right.
        </EmptyState>
      )}
      <Pager path="/portal" search={search} nextCursor={nextCursor} />
      <ResendWindowForm action={resendOwnDeliveries} apps={null} />
    </>
  );
}

function Address({ url }: { url: string | null }) {
  return (
    <Card>
      <CardTitle>Address</CardTitle>
      <div className="grid gap-3 p-4 text-sm">
        {url === null ? (
          <p className="text-waiting">No address is set: your app is not told. Ask the desk to set one.</p>
        ) : (
          <>
            <p className="font-mono text-xs [overflow-wrap:anywhere]">{url}</p>
            <PingOwnForm />
          </>
        )}
      </div>
    </Card>
  );
}
