import { type EventDetail, showEvent } from "@redress/core/webhooks/show-event";
import type { Metadata } from "next";
import { z } from "zod";
import { BackLink } from "../../../../components/back-link.tsx";
import { Breakable } from "../../../../components/breakable.tsx";
import { CopyText } from "../../../../components/copy-text.tsx";
import { Text } from "../../../../components/deliveries/attempt-card.tsx";
import { eventLooks } from "../../../../components/events/event-looks.ts";
import Link from "../../../../components/link.tsx";
import { Mark } from "../../../../components/mark.tsx";
import { ReplayForm } from "../../../../components/replay-form.tsx";
import { Banner } from "../../../../components/ui/banner.tsx";
import { Card, CardTitle, Properties, Property } from "../../../../components/ui/card.tsx";
import { PageHeader } from "../../../../components/ui/page.tsx";
import { ExactTime, When } from "../../../../components/when.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { allows, scopeOf } from "../../../../src/access/scope.ts";
import { readSearch, type SearchParams, withSearch } from "../../../../src/http/search.ts";

export const metadata: Metadata = { title: "Stripe event" };

const searchSchema = z.object({ payload: z.literal("true").optional().catch(undefined) });

/** One message of Stripe: what it is about, how it was handled, and what it led to. */
export default async function EventPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: SearchParams;
}) {
  const { id } = await params;
  const { dependencies, operator, scope } = await openPage("audit.read", { event: () => id });
  const { payload } = await readSearch(searchParams, searchSchema);
  const event = await showEvent(dependencies, {
    eventId: id,
    appIds: scope,
    payload: payload === "true",
  });
  const mayReplay = event.app
    ? allows(operator.grants, "connections.manage", event.app.id)
    : scopeOf(operator.grants, "connections.manage") === "all";
  return (
    <>
      <BackLink href="/events">Stripe events</BackLink>
      <PageHeader
        title={<Breakable text={event.type} />}
        description={event.app ? `Of ${event.app.name}` : "Of the platform"}
      >
        {mayReplay && <ReplayForm eventId={event.id} />}
      </PageHeader>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="grid gap-4">
          {event.lastError && <Banner tone="bad">{event.lastError}</Banner>}
          <State event={event} />
          <Payload event={event} />
        </div>
        <Consequences event={event} />
      </div>
    </>
  );
}

function State({ event }: { event: EventDetail }) {
  const { subject, message } = event;
  return (
    <Card>
      <CardTitle aside={<Mark {...eventLooks[event.status]} />}>State</CardTitle>
      <Properties>
        <Property name="Event id">
          <CopyText text={event.id} label="Event id" />
        </Property>
        <Property name="Account">{event.accountId ?? "the platform"}</Property>
        <Property name="Received">
          <ExactTime at={event.receivedAt} />
        </Property>
        {subject?.id && (
          <Property name={subject.object ?? "About"}>
            <CopyText text={subject.id} label={subject.object ?? "id"} />
          </Property>
        )}
        {subject?.status && <Property name="Says">{subject.status.replaceAll("_", " ")}</Property>}
        {subject && subject.changed.length > 0 && (
          <Property name="Changed">{subject.changed.join(", ").replaceAll("_", " ")}</Property>
        )}
        {message && (
          <Property name="Handed over">
            {message.sendCount === 1 ? "once" : `${message.sendCount} times`}
            {message.completedAt && (
              <>
                , done <When at={message.completedAt} />
              </>
            )}
            {message.deadAt && (
              <>
                , given up <When at={message.deadAt} />
              </>
            )}
          </Property>
        )}
        {message?.lastError && <Property name="Last error">{message.lastError}</Property>}
      </Properties>
    </Card>
  );
}

/** Shown only when it is asked for: it has the customer's data in it. */
function Payload({ event }: { event: EventDetail }) {
  return (
    <Card>
      <CardTitle>Payload</CardTitle>
      <div className="px-4 pt-1 pb-4 text-sm">
        {event.payload === undefined ? (
          <p className="text-ink-soft">
            It holds the customer’s data.{" "}
            <Link
              href={withSearch(`/events/${event.id}`, { payload: "true" })}
              className="text-accent underline underline-offset-2"
            >
              Show it
            </Link>
          </p>
        ) : (
          <Text text={indented(event.payload)} />
        )}
      </div>
    </Card>
  );
}

/** Bytes as they came are kept; for the eye they are set out. */
function indented(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}

function Consequences({ event: { changes, notifications } }: { event: EventDetail }) {
  return (
    <Card>
      <CardTitle>What it led to</CardTitle>
      <ul className="divide-y divide-line">
        {changes.map(({ id, at, action, refundId, purchaseId }) => (
          <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-3 px-4 py-2 text-sm">
            <span>
              {action.replaceAll("_", " ")}{" "}
              {(refundId ?? purchaseId) && (
                <Link
                  href={refundId ? `/refunds/${refundId}` : `/purchases/${purchaseId}`}
                  className="font-mono text-xs text-accent hover:underline"
                >
                  {refundId ?? purchaseId}
                </Link>
              )}
            </span>
            <ExactTime at={at} className="numeric text-xs text-ink-faint" />
          </li>
        ))}
        {notifications.map(({ id, type, status }) => (
          <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-3 px-4 py-2 text-sm">
            <span>
              App told: {type.replaceAll("_", " ")}{" "}
              <Link href={`/deliveries/${id}`} className="font-mono text-xs text-accent hover:underline">
                {id}
              </Link>
            </span>
            <span className="text-xs text-ink-faint">{status}</span>
          </li>
        ))}
        {changes.length + notifications.length === 0 && (
          <li className="px-4 py-3 text-sm text-ink-soft">
            Nothing: the books had it already, or need nothing of it.
          </li>
        )}
      </ul>
    </Card>
  );
}
