import { purchases, stripeEvents } from "@redress/database";
import { eq, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { completion } from "../outbox/complete.ts";
import type { MessageData } from "../outbox/messages.ts";
import { reducePayload } from "../webhooks/reduce-payload.ts";
import { type RelatedObject, relatedObjectOf } from "../webhooks/stripe-event.ts";
import { fetchRelatedObject } from "./fetch-related-object.ts";
import { needsNoObject, routeOf, type StripeEventWorkflowId, snapshotTypeOf } from "./stripe-event-routes.ts";

type StripeEventData = MessageData<"stripe/event.received">;

/** An event on a connected account, on its way to what handles it. */
export interface AccountEvent {
  readonly id: string;
  /** As snapshots have it, also for a thin event. */
  readonly type: string;
  /** E.g. a charge: the snapshot, signed by Stripe but perhaps out of date, or what a thin event led to. */
  readonly object: unknown;
  readonly accountId: string;
  readonly createdAt: Date;
}

/** What became of an event; the label says why it was ignored, or what is odd about it. */
export interface EventOutcome {
  readonly status: "handled" | "ignored";
  readonly label?: string;
}

/**
 * A workflow for events of Stripe: handles one, then marks it in the inbox and its message as delivered.
 * Handling twice must change nothing more than handling once.
 *
 * @param given.concurrencyKey e.g. one per charge, so that news about one thing comes one at a time
 */
export function stripeEventWorkflow(
  dependencies: Dependencies,
  given: {
    id: StripeEventWorkflowId;
    concurrencyKey: (accountId: string, object: Record<string, unknown>) => string;
    /** Whether two of them about one thing may meet in two processes: nothing is read before the lock under which it is written. */
    repeatable?: true;
    handle: (event: AccountEvent) => Promise<EventOutcome>;
  },
): Workflow<"stripe/event.received"> {
  return {
    id: given.id,
    on: "stripe/event.received",
    when: (data) => routeOf(data.type) === given.id,
    concurrencyKey: (data) => keyOf(given.concurrencyKey, data),
    attempts: 4,
    ...(given.repeatable && { repeatable: true }),
    async run({ messageId, data, step }) {
      // One step: each costs writes, and this one may be repeated as a whole.
      await step.run("handle", async () => {
        const outcome = await handle(dependencies, given.handle, data);
        const isErased = await finish(dependencies, { data, messageId, outcome });
        if (isErased) await reduceStored(dependencies, data.id);
      });
    },
  };
}

async function handle(
  dependencies: Dependencies,
  handleOnAccount: (event: AccountEvent) => Promise<EventOutcome>,
  data: StripeEventData,
): Promise<EventOutcome> {
  const { id, accountId, created } = data;
  // The desk refunds on connected accounts only; the platform's own sales are not its business.
  if (accountId === null) return { status: "ignored", label: "platform_account" };
  const related = toFetch(data);
  // A snapshot is handled as it is, a thin event as what Stripe has now.
  const found = related
    ? await fetchRelatedObject(dependencies, { accountId, related })
    : { object: objectOf(data) };
  if (found.object === null) return { status: "ignored", label: found.why };
  const { object } = found;
  const type = snapshotTypeOf(data.type);
  return handleOnAccount({ id, type, object, accountId, createdAt: new Date(created * 1000) });
}

/** What is asked for before an event is handled: nothing for a snapshot, nor where nothing of it would be read. */
function toFetch({ type, data }: StripeEventData): RelatedObject | null {
  return needsNoObject(type) ? null : relatedObjectOf(data);
}

function objectOf({ data }: StripeEventData): Record<string, unknown> {
  const { object } = data;
  return typeof object === "object" && object !== null ? { ...object } : {};
}

/** A thin event names its charge only if it is about one; what is about something else takes turns by that. */
function keyOf(
  keyOfObject: (accountId: string, object: Record<string, unknown>) => string,
  data: StripeEventData,
) {
  const accountId = data.accountId ?? "platform";
  const related = toFetch(data);
  if (related === null) return keyOfObject(accountId, objectOf(data));
  const { id, type } = related;
  return type === "charge" ? keyOfObject(accountId, { id, object: type }) : `${type}:${accountId}:${id}`;
}

/** What was odd about it when it came in stays; an outcome adds to it, once. */
function withLabel(label: string | undefined) {
  if (label === undefined) return stripeEvents.labels;
  return sql`case when ${label} = any(${stripeEvents.labels}) then ${stripeEvents.labels}
    else array_append(${stripeEvents.labels}, ${label}) end`;
}

/**
 * One statement for both rows, the event's first: each event costs this.
 *
 * @returns whether it is about a customer who was erased
 */
async function finish(
  dependencies: Dependencies,
  { data, messageId, outcome }: { data: StripeEventData; messageId: string; outcome: EventOutcome },
): Promise<boolean> {
  const { database, clock } = dependencies;
  const completed = database.$with("completed").as(completion(dependencies, database, messageId));
  const { id, charge, object } = objectOf(data);
  const chargeId = object === "charge" ? id : charge;
  const [finished] = await database
    .with(completed)
    .update(stripeEvents)
    .set({
      status: outcome.status,
      labels: withLabel(outcome.label),
      lastError: null,
      handledAt: clock.now(),
    })
    .where(eq(stripeEvents.id, data.id))
    .returning({
      isErased: sql<boolean>`exists (select from ${purchases} where ${purchases.erasedAt} is not null
        and ${purchases.stripeAccountId} = ${data.accountId}
        and ${purchases.stripeChargeId} = ${typeof chargeId === "string" ? chargeId : null})`,
    });
  return finished?.isErased ?? false;
}

/** Its body came after the customer had been erased, and says again who they were. */
async function reduceStored({ database }: Dependencies, eventId: string): Promise<void> {
  const own = eq(stripeEvents.id, eventId);
  const [event] = await database.select({ payload: stripeEvents.payload }).from(stripeEvents).where(own);
  if (event)
    await database
      .update(stripeEvents)
      .set({ payload: reducePayload(event.payload) })
      .where(own);
}
