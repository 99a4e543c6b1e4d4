import { sql } from "drizzle-orm";
import { bigint, bigserial, check, index, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** Who, what, when, why, before and after. Append-only: the database refuses UPDATE, DELETE and TRUNCATE. */
export const auditLogs = pgTable(
  "audit_logs",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    at: moment("at").notNull(),
    actorKind: text("actor_kind", {
      enum: ["operator", "agent", "portal_link", "policy", "stripe", "app", "system"],
    }).notNull(),
    actorId: text("actor_id").notNull(),
    action: text("action").notNull(),
    appId: text("app_id"),
    purchaseId: text("purchase_id"),
    refundId: text("refund_id"),
    /** Ties together everything that one click or one webhook caused. */
    correlationId: text("correlation_id").notNull(),
    before: jsonb("before").$type<Record<string, unknown>>(),
    after: jsonb("after").$type<Record<string, unknown>>(),
    /** Facts of the action. Personal data only as salted hashes. */
    details: jsonb("details").$type<Record<string, unknown>>().notNull(),
    /** Stands for the address of the caller's request; `audit_addresses` has it in clear, for a while. */
    addressHash: text("address_hash"),
  },
  (t) => [
    index("audit_logs_refund").on(t.refundId, t.id),
    index("audit_logs_purchase").on(t.purchaseId, t.id),
    index("audit_logs_app").on(t.appId, t.id),
    index("audit_logs_correlation").on(t.correlationId),
    // What people filter by. Without these a filter that few entries pass goes through the whole log.
    index("audit_logs_actor").on(t.actorId, t.id),
    index("audit_logs_action").on(t.action, t.id),
    index("audit_logs_at").on(t.at),
    // Who had an event handled again: it belongs to the event, and to no refund.
    index("audit_logs_replayed")
      .on(sql`(${t.details} ->> 'eventId')`)
      .where(sql`${t.action} = 'event_replayed'`),
  ],
);

/**
 * The hash chain over the log. Sealing runs right after commits rather than inside them, so that the
 * chain's single head never makes two refunds wait for each other.
 */
export const auditSeals = pgTable(
  "audit_seals",
  {
    number: bigint("number", { mode: "number" }).primaryKey(),
    auditLogId: bigint("audit_log_id", { mode: "number" })
      .notNull()
      .unique()
      .references(() => auditLogs.id),
    previousHash: text("previous_hash").notNull(),
    hash: text("hash").notNull().unique(),
    sealedAt: moment("sealed_at").notNull(),
    /**
     * The month (`2026-11`, UTC) it was sealed in: one piece of the chain, which begins with the last hash of
     * the month before. Null: sealed before there were months, over fewer columns.
     */
    month: text("month"),
  },
  (t) => [
    index("audit_seals_month").on(t.month, t.number),
    check("audit_seals_month", sql`${t.month} ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'`),
  ],
);

/**
 * Addresses of callers in clear, beside the log that has only their hashes. A row may be deleted: without its
 * salt the hash says nothing, and the chain stays whole.
 */
export const auditAddresses = pgTable(
  "audit_addresses",
  {
    address: text("address").primaryKey(),
    salt: text("salt").notNull(),
    hash: text("hash").notNull().unique(),
    seenAt: moment("seen_at").notNull(),
  },
  (t) => [index("audit_addresses_seen").on(t.seenAt)],
);

/** When a person's refused attempt was last written into the log, so that trying again does not flood it. */
export const operatorRefusals = pgTable(
  "operator_refusals",
  {
    operatorId: text("operator_id").notNull(),
    why: text("why").notNull(),
    notedAt: moment("noted_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.operatorId, t.why] })],
);
