import { stripeEvents } from "@redress/database";
import { and, eq, gte, inArray } from "drizzle-orm";
import type Stripe from "stripe";
import type { Dependencies } from "../dependencies.ts";
import { withoutErased } from "../privacy/find-erased.ts";
import { inboxOf } from "../webhooks/inbox.ts";
import type { ReceivedEvent } from "../webhooks/insert-events.ts";
import { judgeEvent } from "../webhooks/judge-event.ts";
import { parseStripeEvent } from "../webhooks/stripe-event.ts";
import { stripeEventRoutes } from "../workflows/stripe-event-routes.ts";
import { createdBetween, largestPage } from "./list-refunds.ts";
import { recordDrift } from "./record-drift.ts";
import type { RunRow } from "./run.ts";
import type { StepResult } from "./step.ts";

/** Stripe takes at most 20 of them. */
const handledTypes = Object.keys(stripeEventRoutes);

/**
 * One page of the account's events, newest first. Those that no webhook has told go into the inbox as if
 * one had, labelled as pulled; their order does not matter. Stripe keeps events for 30 days.
 */
export async function listEventsStep(dependencies: Dependencies, run: RunRow): Promise<StepResult> {
  const page = await pageOfEvents(dependencies, run);
  const pulled = await pullMissing(dependencies, run, page.data);
  const last = page.data.at(-1);
  return {
    cursor: page.has_more && last ? last.id : null,
    counts: { eventsListed: page.data.length, eventsPulled: pulled },
    reachedAt: last ? new Date(last.created * 1000) : run.since,
  };
}

/** One page of those events of an account that a workflow handles. */
export function pageOfEvents(
  { stripe }: Pick<Dependencies, "stripe">,
  given: Pick<RunRow, "stripeAccountId" | "since" | "until" | "cursor">,
) {
  return stripe.events.list(
    {
      limit: largestPage,
      types: handledTypes,
      created: createdBetween(given.since, given.until),
      ...(given.cursor === null ? {} : { starting_after: given.cursor }),
    },
    { stripeAccount: given.stripeAccountId },
  );
}

async function pullMissing(
  dependencies: Dependencies,
  run: RunRow,
  page: readonly Stripe.Event[],
): Promise<number> {
  if (page.length === 0) return 0;
  await putMissing(dependencies, run, page);
  const { database } = dependencies;
  const inPage = inPageOf(page);
  // Read back, and not counted before: a webhook may have come first, and this page may be repeated.
  const pulled = await database
    .select({ id: stripeEvents.id, type: stripeEvents.type, createdAt: stripeEvents.stripeCreatedAt })
    .from(stripeEvents)
    .where(and(inPage, eq(stripeEvents.endpoint, "pulled"), gte(stripeEvents.receivedAt, run.startedAt)));
  for (const { id, type, createdAt } of pulled) {
    await recordDrift(dependencies, database, run, {
      appId: run.appId,
      kind: "event_missing",
      subjectId: id,
      here: null,
      atStripe: { type, createdAt: createdAt.toISOString() },
      rightSide: "stripe",
      action: "pulled",
    });
  }
  return pulled.length;
}

const inPageOf = (page: readonly Stripe.Event[]) =>
  inArray(
    stripeEvents.id,
    page.map(({ id }) => id),
  );

/**
 * Puts those events of a page into the inbox that are not there.
 *
 * @returns the ids of those that it put
 */
export async function putMissing(
  dependencies: Dependencies,
  account: Pick<RunRow, "stripeAccountId">,
  page: readonly Stripe.Event[],
): Promise<string[]> {
  if (page.length === 0) return [];
  const rows = await dependencies.database
    .select({ id: stripeEvents.id })
    .from(stripeEvents)
    .where(inPageOf(page));
  const known = new Set(rows.map(({ id }) => id));
  const put: string[] = [];
  for (const listed of page) {
    if (known.has(listed.id)) continue;
    const received = asReceived(dependencies, account, listed);
    if (!received) continue;
    const kept = received.ignored ? await withoutErased(dependencies, received) : received;
    await inboxOf(dependencies).put(kept);
    put.push(listed.id);
  }
  dependencies.wakeOutbox();
  return put;
}

/** As the Connect endpoint would have got it: listed events may lack the account that they are of. */
function asReceived(
  dependencies: Dependencies,
  { stripeAccountId }: Pick<RunRow, "stripeAccountId">,
  listed: Stripe.Event,
): ReceivedEvent | null {
  const text = JSON.stringify({ ...listed, account: stripeAccountId });
  const event = parseStripeEvent(text);
  const payload = Buffer.from(text);
  return event && { event, payload, endpoint: "pulled", ...judgeEvent(dependencies, event) };
}
