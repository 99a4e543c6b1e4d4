import { boolean, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { moment } from "./columns.ts";

/** What a customer can be written to about. `started`: Stripe has taken the refund, and it is not through yet. */
export const customerMailOccasions = ["started", "succeeded", "failed"] as const;
export type CustomerMailOccasion = (typeof customerMailOccasions)[number];

/** A message of an app's own wording; what it leaves out is worded by the desk. */
export interface CustomerMailTemplate {
  readonly subject: string;
  readonly text: string;
}

/** Which messages an app's customers get about their refunds. No row: none. */
export const customerMails = pgTable("customer_mails", {
  appId: text("app_id")
    .primaryKey()
    .references(() => apps.id),
  onStarted: boolean("on_started").notNull().default(false),
  onSucceeded: boolean("on_succeeded").notNull().default(false),
  onFailed: boolean("on_failed").notNull().default(false),
  /** Refunds that were not asked for here (made in the merchant's own Dashboard) as well. */
  foreignToo: boolean("foreign_too").notNull().default(false),
  /** Where a customer's answer goes. Null: to the desk's own address. */
  replyTo: text("reply_to"),
  templates: jsonb("templates")
    .$type<Partial<Record<CustomerMailOccasion, CustomerMailTemplate>>>()
    .notNull()
    .default({}),
  updatedAt: moment("updated_at").notNull(),
});
