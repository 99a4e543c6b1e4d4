import type { Database } from "@redress/database";
import { sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import type { MessageData } from "../outbox/messages.ts";
import type { StripeEventEnvelope } from "./stripe-event.ts";

export interface ReceivedEvent {
  readonly event: StripeEventEnvelope;
  /** The body as it came. */
  readonly payload: string;
  /** Whose secret signed it, or `pulled`: listed by us, since no webhook had told. */
  readonly endpoint: "platform" | "connect" | "pulled";
  /** Why no workflow handles it; null when one does. */
  readonly ignored: "other_mode" | "unknown_type" | null;
}

export interface Inbox {
  /** Resolves once the event is committed, with the message for the workflow engine. */
  put(received: ReceivedEvent): Promise<void>;
}

type InboxDependencies = Pick<Dependencies, "database" | "clock" | "random">;
interface Waiting {
  readonly received: ReceivedEvent;
  resolve(): void;
  reject(error: unknown): void;
}

/** One statement carries at most this many events. */
const largestBatch = 100;
const inboxes = new WeakMap<Database, Inbox>();

/** The inbox of a database: there is one, so that concurrent arrivals share a commit. */
export function inboxOf(dependencies: InboxDependencies): Inbox {
  let inbox = inboxes.get(dependencies.database);
  if (!inbox) {
    inbox = createInbox(dependencies);
    inboxes.set(dependencies.database, inbox);
  }
  return inbox;
}

/**
 * Events that arrive while another commit is under way wait for it and are then written together: under
 * load one commit carries many, on a quiet machine nobody waits.
 */
function createInbox(dependencies: InboxDependencies): Inbox {
  let waiting: Waiting[] = [];
  let writing = false;

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, largestBatch);
      waiting = waiting.slice(largestBatch);
      await writeBatch(dependencies, batch);
    }
    writing = false;
  }

  return {
    put: (received) =>
      new Promise((resolve, reject) => {
        waiting.push({ received, resolve, reject });
        if (!writing) void writeAll();
      }),
  };
}

async function writeBatch(dependencies: InboxDependencies, batch: readonly Waiting[]): Promise<void> {
  try {
    await insertEvents(
      dependencies,
      batch.map(({ received }) => received),
    );
    for (const { resolve } of batch) resolve();
  } catch (error) {
    // One event that cannot be stored must not take its neighbours with it.
    if (batch.length === 1) batch[0]?.reject(error);
    else for (const one of batch) await writeBatch(dependencies, [one]);
  }
}

/** Inbox row and outbox message in one statement: both or neither. A known event id writes nothing. */
async function insertEvents(
  dependencies: InboxDependencies,
  events: readonly ReceivedEvent[],
): Promise<void> {
  const now = dependencies.clock.now().toISOString();
  const rows = events.map(({ event, payload, endpoint, ignored }) => ({
    id: event.id,
    type: event.type,
    account_id: event.account ?? null,
    livemode: event.livemode,
    api_version: event.api_version ?? null,
    stripe_created_at: new Date(event.created * 1000).toISOString(),
    endpoint,
    payload,
    status: ignored === null ? "received" : "ignored",
    labels: ignored === null ? [] : [ignored],
    message_id: newId(dependencies.random, "message"),
    message: messageOf(event),
  }));
  await dependencies.database.execute(sql`
    with arrived as (
      select * from jsonb_to_recordset(${storable(rows)}::jsonb) as arrived (
        id text, type text, account_id text, livemode boolean, api_version text,
        stripe_created_at timestamptz, endpoint text, payload text, status text, labels text[],
        message_id text, message jsonb)
    ), stored as (
      insert into stripe_events
        (id, type, account_id, livemode, api_version, stripe_created_at, received_at, endpoint, payload, status,
         labels, handled_at)
      select id, type, account_id, livemode, api_version, stripe_created_at, ${now}::timestamptz, endpoint, payload,
        status, labels, case when status = 'ignored' then ${now}::timestamptz end
      from arrived
      on conflict (id) do nothing
      returning id, status
    )
    insert into outbox_messages (id, name, fact_key, data, created_at, send_at)
    select arrived.message_id, 'stripe/event.received', 'stripe-event:' || arrived.id, arrived.message,
      ${now}::timestamptz, ${now}::timestamptz
    from stored join arrived using (id)
    where stored.status = 'received'
    on conflict (fact_key) do nothing`);
}

/** The message of W2. */
export function messageOf(event: StripeEventEnvelope): MessageData<"stripe/event.received"> {
  const { id, type, data, created, livemode } = event;
  return { id, type, data, accountId: event.account ?? null, created, livemode };
}

/** U+0000 and halves of surrogate pairs: JSON can escape them, PostgreSQL's jsonb cannot hold them. */
const unstorable = /\0|\p{Surrogate}/gu;
const mayBeUnstorable = /\\u(0000|d[89a-f])/i;

/** As JSON that PostgreSQL takes: U+FFFD stands for what it cannot hold. */
function storable(value: unknown): string {
  const text = JSON.stringify(value);
  if (!mayBeUnstorable.test(text)) return text;
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "string" ? member.replace(unstorable, "\uFFFD") : member,
  );
}
