import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { moment } from "./columns.ts";
import { purchases } from "./purchases.ts";
import { refunds } from "./refunds.ts";

/** A signed message to an app about one fact. Its id is the `webhook-id`, the same at each attempt. */
export const notifications = pgTable(
  "notifications",
  {
    id: text("id").primaryKey(),
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
    /** Null for a ping, which is about no refund. */
    purchaseId: text("purchase_id").references(() => purchases.id),
    refundId: text("refund_id").references(() => refunds.id),
    type: text("type", { enum: ["refund.succeeded", "refund.failed", "ping"] }).notNull(),
    /** Counts the messages of a purchase; a receiver drops lower ones than it has seen. */
    sequence: integer("sequence").notNull(),
    access: text("access", { enum: ["revoke", "restore", "keep"] }).notNull(),
    payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
    /** received: 2xx, work to follow. done: the app says that it is. overtaken: a newer message replaced it. */
    status: text("status", {
      enum: ["pending", "received", "done", "declined", "overtaken", "dead", "unaddressed"],
    }).notNull(),
    attemptCount: integer("attempt_count").notNull().default(0),
    nextAttemptAt: moment("next_attempt_at"),
    leaseUntil: moment("lease_until"),
    createdAt: moment("created_at").notNull(),
    receivedAt: moment("received_at"),
    doneAt: moment("done_at"),
    answer: text("answer"),
  },
  (t) => [
    check(
      "notifications_subject",
      sql`case when ${t.type} = 'ping' then ${t.access} = 'keep' and num_nonnulls(${t.purchaseId}, ${t.refundId}) = 0 else num_nonnulls(${t.purchaseId}, ${t.refundId}) = 2 end`,
    ),
    unique("notifications_fact").on(t.refundId, t.type),
    unique("notifications_sequence").on(t.purchaseId, t.sequence),
    index("notifications_due").on(t.nextAttemptAt).where(sql`${t.nextAttemptAt} is not null`),
    index("notifications_app_newest").on(t.appId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("notifications_newest").on(t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("notifications_status_newest").on(
      t.status,
      t.createdAt.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    index("notifications_app_waiting").on(t.appId).where(sql`${t.nextAttemptAt} is not null`),
    // How many attempts of an app are under way.
    index("notifications_app_leased").on(t.appId, t.leaseUntil).where(sql`${t.leaseUntil} is not null`),
    // Access that is to change, and has not: what somebody may have to see to.
    index("notifications_access_open")
      .on(t.createdAt)
      .where(sql`${t.access} <> 'keep' and ${t.status} in ('pending', 'received', 'declined', 'dead')`),
  ],
);

/** One attempt to send a notification, and what the app answered. */
export const deliveries = pgTable(
  "deliveries",
  {
    id: text("id").primaryKey(),
    notificationId: text("notification_id")
      .notNull()
      .references(() => notifications.id),
    number: integer("number").notNull(),
    url: text("url").notNull(),
    startedAt: moment("started_at").notNull(),
    finishedAt: moment("finished_at"),
    /** As sent, without what proves who sent it. The body is the notification's payload. */
    requestHeaders: jsonb("request_headers").$type<Record<string, string>>(),
    httpStatus: integer("http_status"),
    /** Those that help to find a fault; never cookies. */
    responseHeaders: jsonb("response_headers").$type<Record<string, string>>(),
    /** The first kilobytes of the answer. */
    responseBody: text("response_body"),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
  },
  (t) => [unique("deliveries_number").on(t.notificationId, t.number)],
);
