import { type EventSummary, listEvents } from "@redress/core/webhooks/list-events";
import { Webhook } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { Breakable } from "../../../components/breakable.tsx";
import { eventLooks } from "../../../components/events/event-looks.ts";
import { FilterLinks } from "../../../components/filter-links.tsx";
import Link from "../../../components/link.tsx";
import { Mark } from "../../../components/mark.tsx";
import { Pager } from "../../../components/pager.tsx";
import { ReplayForm } from "../../../components/replay-form.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { Cell, HeadCell, Table } from "../../../components/ui/table.tsx";
import { ExactTime } from "../../../components/when.tsx";
import { openPage } from "../../../src/access/page.ts";
import { scopeOf } from "../../../src/access/scope.ts";
import { readFrom, readSearch, type SearchParams } from "../../../src/http/search.ts";

export const metadata: Metadata = { title: "Stripe events" };

const filters = {
  all: "All",
  failed: "Failed",
  received: "Being handled",
  handled: "Handled",
  ignored: "Ignored",
};

const searchSchema = z.object({
  show: z.enum(["all", "failed", "received", "handled", "ignored"]).catch("all"),
  cursor: z.string().max(500).optional().catch(undefined),
});

/** What came in from Stripe, and what became of it. */
export default async function EventsPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, operator, shown } = await openPage("audit.read");
  const search = await readSearch(searchParams, searchSchema);
  const { events, nextCursor } = await readFrom(search.cursor, (from) =>
    listEvents(dependencies, {
      appIds: shown,
      status: search.show === "all" ? undefined : search.show,
      ...from,
    }),
  );
  // Refused all the same where the event is of an app that they do not manage.
  const manages = scopeOf(operator.grants, "connections.manage");
  const mayReplay = manages === "all" || manages.length > 0;
  return (
    <>
      <PageHeader
        title="Stripe events"
        description="Every webhook message, kept as it came before Stripe was told that we have it."
      />
      <FilterLinks path="/events" filters={filters} current={search.show} />
      {events.length > 0 ? (
        <Table>
          <thead>
            <tr>
              <HeadCell>Received</HeadCell>
              <HeadCell>Event</HeadCell>
              <HeadCell>State</HeadCell>
              <HeadCell className="hidden lg:table-cell">Account</HeadCell>
            </tr>
          </thead>
          <tbody>
            {events.map((event) => (
              <EventRow key={event.id} event={event} mayReplay={mayReplay} />
            ))}
          </tbody>
        </Table>
      ) : (
        <EmptyState
          icon={Webhook}
          title={
            search.show === "all" ? "No events yet" : nextCursor ? "None of these so far" : "None of these"
          }
        >
          Stripe sends an event for each payment, refund and dispute of the connected accounts.
        </EmptyState>
      )}
      <Pager path="/events" search={search} nextCursor={nextCursor} />
    </>
  );
}

function EventRow({ event, mayReplay }: { event: EventSummary; mayReplay: boolean }) {
  const { label, tone, icon: Icon } = eventLooks[event.status];
  return (
    <tr className="border-b border-line align-top last:border-0">
      <Cell className="align-top text-ink-soft sm:whitespace-nowrap">
        <ExactTime at={event.receivedAt} className="numeric text-xs" />
      </Cell>
      <Cell className="align-top">
        <Link href={`/events/${event.id}`} className="block font-medium hover:underline">
          <Breakable text={event.type} />
        </Link>
        <span className="hidden font-mono text-xs text-ink-faint sm:block">{event.id}</span>
      </Cell>
      <Cell className="max-w-80 align-top">
        <Mark label={label} tone={tone} icon={Icon} />
        {event.labels.length > 0 && (
          <span className="ml-2 text-xs text-ink-faint">{event.labels.join(", ").replaceAll("_", " ")}</span>
        )}
        {event.status === "failed" && (
          <div className="mt-1.5 grid justify-items-start gap-2 text-xs text-ink-soft">
            {event.lastError}
            {mayReplay && <ReplayForm eventId={event.id} />}
          </div>
        )}
      </Cell>
      <Cell className="hidden align-top font-mono text-xs text-ink-faint lg:table-cell">
        {event.accountId ?? "the platform"}
      </Cell>
    </tr>
  );
}
