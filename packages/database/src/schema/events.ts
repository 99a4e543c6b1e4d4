import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** The inbox: one webhook message from Stripe, kept as received under its `evt_` id. */
export const stripeEvents = pgTable(
  "stripe_events",
  {
    id: text("id").primaryKey(),
    type: text("type").notNull(),
    /** Null for events of the platform's own account. */
    accountId: text("account_id"),
    livemode: boolean("livemode").notNull(),
    apiVersion: text("api_version"),
    stripeCreatedAt: moment("stripe_created_at").notNull(),
    receivedAt: moment("received_at").notNull(),
    /** Whose configured secret signed it, `platform` or `connect`; `pulled`: listed by us. */
    endpoint: text("endpoint").notNull(),
    /** The body as it came, byte for byte; without personal data once its retention age is reached. */
    payload: text("payload").notNull(),
    expungedAt: moment("expunged_at"),
    status: text("status", { enum: ["received", "handled", "ignored", "failed"] }).notNull(),
    /** `thin`: a notification of Stripe's v2, which names its object and does not hold it. */
    shape: text("shape", { enum: ["snapshot", "thin"] })
      .notNull()
      .default("snapshot"),
    /** Why it was ignored, and what is odd about it: unknown_account, other_mode, unknown_api_version … */
    labels: text("labels").array().notNull().default([]),
    attemptCount: integer("attempt_count").notNull().default(0),
    lastError: text("last_error"),
    handledAt: moment("handled_at"),
  },
  (t) => [
    index("stripe_events_newest").on(t.receivedAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("stripe_events_open").on(t.receivedAt).where(sql`${t.status} in ('received', 'failed')`),
    // How far expunging has come; an arriving event does not touch it.
    index("stripe_events_expunged").on(t.receivedAt).where(sql`${t.expungedAt} is not null`),
  ],
);

/** Messages for the workflow engine, written in the transaction that causes them. */
export const outboxMessages = pgTable(
  "outbox_messages",
  {
    id: text("id").primaryKey(),
    /** Event name, e.g. `stripe/event.received`. */
    name: text("name").notNull(),
    /** The fact this message stands for: the same fact is never queued twice. */
    factKey: text("fact_key").notNull().unique(),
    data: jsonb("data").$type<Record<string, unknown>>().notNull(),
    /** Where the trace goes on, as W3C's `traceparent`; null where nothing is traced. */
    traceParent: text("trace_parent"),
    createdAt: moment("created_at").notNull(),
    /** When it is to be handed (again) to the engine; null once its effect is in the database. */
    sendAt: moment("send_at"),
    sendCount: integer("send_count").notNull().default(0),
    /** Set by the workflow when its effect is committed: only then is a message delivered. */
    completedAt: moment("completed_at"),
    /** Set when it failed for good; visible, and can be sent again. */
    deadAt: moment("dead_at"),
    lastError: text("last_error"),
  },
  (t) => [
    index("outbox_messages_due").on(t.sendAt).where(sql`${t.sendAt} is not null`),
    // What must not wait behind a flood of events.
    index("outbox_messages_due_others")
      .on(t.sendAt)
      .where(sql`${t.sendAt} is not null and ${t.name} <> 'stripe/event.received'`),
    index("outbox_messages_dead").on(t.deadAt).where(sql`${t.deadAt} is not null`),
  ],
);
