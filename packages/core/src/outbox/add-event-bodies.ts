import { outboxMessages, stripeEvents } from "@redress/database";
import { inArray } from "drizzle-orm";
import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import { parseStripeEvent, type StripeEventEnvelope } from "../webhooks/stripe-event.ts";
import type { MessageData } from "./messages.ts";
import { type TakenRow, tellDead } from "./take-due.ts";

/** What the inbox queues: the body is in the inbox already. Older releases queued it here as well. */
const namesEvent = z.strictObject({ id: z.string() });

/**
 * Gives messages that name an event of Stripe the event's own words, for the engine (W2). One whose event
 * was expunged meanwhile can never be handled: it is dead at once.
 *
 * @param rows taken from the outbox; those that need no body stay as they are
 */
export async function addEventBodies(
  dependencies: Pick<Dependencies, "database" | "clock" | "logger">,
  rows: readonly TakenRow[],
): Promise<TakenRow[]> {
  const named = new Map<string, string>();
  for (const { id, name, data } of rows) {
    const parsed = name === "stripe/event.received" ? namesEvent.safeParse(data) : null;
    if (parsed?.success) named.set(id, parsed.data.id);
  }
  if (named.size === 0) return [...rows];
  const bodies = await readBodies(dependencies, [...named.values()]);
  const whole: TakenRow[] = [];
  const bodiless: TakenRow[] = [];
  for (const row of rows) {
    const eventId = named.get(row.id);
    const data = eventId === undefined ? row.data : bodies.get(eventId);
    if (data) whole.push({ ...row, data });
    else bodiless.push(row);
  }
  if (bodiless.length > 0) await bury(dependencies, bodiless);
  return whole;
}

async function readBodies(
  { database }: Pick<Dependencies, "database">,
  eventIds: string[],
): Promise<Map<string, MessageData<"stripe/event.received">>> {
  const { id, payload, expungedAt } = stripeEvents;
  const stored = await database
    .select({ id, payload, expungedAt })
    .from(stripeEvents)
    .where(inArray(id, eventIds));
  const bodies = new Map<string, MessageData<"stripe/event.received">>();
  for (const row of stored) {
    const event = row.expungedAt === null ? parseStripeEvent(row.payload) : null;
    if (event) bodies.set(row.id, messageOf(mayBeUnstorable.test(row.payload) ? storable(event) : event));
  }
  return bodies;
}

/** The message of W2. */
function messageOf(event: StripeEventEnvelope): MessageData<"stripe/event.received"> {
  const { id, type, data, accountId, created, livemode } = event;
  return { id, type, data, accountId, created, livemode };
}

async function bury(
  { database, clock, logger }: Pick<Dependencies, "database" | "clock" | "logger">,
  rows: readonly TakenRow[],
): Promise<void> {
  const lastError = "The body of this event was removed at the end of its retention.";
  const ids = rows.map(({ id }) => id);
  await database
    .update(outboxMessages)
    .set({ deadAt: clock.now(), sendAt: null, lastError })
    .where(inArray(outboxMessages.id, ids));
  for (const row of rows) tellDead(logger, { ...row, lastError });
}

/** U+0000 and halves of surrogate pairs: JSON can escape them, PostgreSQL cannot hold them. */
const unstorable = /\0|\p{Surrogate}/gu;
const mayBeUnstorable = /\\u(0000|d[89a-f])/i;

/** What a workflow reads of an event it may write into a row: U+FFFD stands for what none can hold. */
function storable(event: StripeEventEnvelope): StripeEventEnvelope {
  const data = JSON.parse(JSON.stringify(event.data), (_key, member: unknown) =>
    typeof member === "string" ? member.replace(unstorable, "\uFFFD") : member,
  );
  return { ...event, data };
}
