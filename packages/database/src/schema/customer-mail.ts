import { sql } from "drizzle-orm";
import { boolean, check, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { moment } from "./columns.ts";
import { refunds } from "./refunds.ts";

/** Of what a customer may be written to about a refund. */
export const customerMailKinds = ["started", "succeeded", "failed"] as const;
export type CustomerMailKind = (typeof customerMailKinds)[number];

/** What an app wants its customers to be told of. No row: nothing. */
export const customerMailSettings = pgTable(
  "customer_mail_settings",
  {
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
    kind: text("kind", { enum: customerMailKinds }).notNull(),
    wanted: boolean("wanted").notNull().default(false),
    /** Null: the desk's own words. */
    subject: text("subject"),
    body: text("body"),
    updatedAt: moment("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.kind] }),
    check("customer_mail_settings_kind", sql`${t.kind} in ('started', 'succeeded', 'failed')`),
    // A second line of a subject would be a header.
    check(
      "customer_mail_settings_subject",
      sql`${t.subject} !~ '[[:cntrl:]]' and length(${t.subject}) between 1 and 200`,
    ),
    check("customer_mail_settings_body", sql`length(${t.body}) between 1 and 10000`),
  ],
);

/**
 * That a customer was written to: once for a refund and kind, for ever, whatever becomes of the message in the outbox.
 * It holds neither the address nor the text.
 */
export const customerMails = pgTable(
  "customer_mails",
  {
    refundId: text("refund_id")
      .notNull()
      .references(() => refunds.id),
    kind: text("kind", { enum: customerMailKinds }).notNull(),
    queuedAt: moment("queued_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.refundId, t.kind] }),
    check("customer_mails_kind", sql`${t.kind} in ('started', 'succeeded', 'failed')`),
  ],
);
