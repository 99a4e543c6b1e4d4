import { sql } from "drizzle-orm";
import { boolean, check, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { refundReasons as stripeReasons } from "./refunds.ts";

/** An app's own reasons for refunds, in its order. An app without any has Stripe's three. */
export const appRefundReasons = pgTable(
  "app_refund_reasons",
  {
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
    code: text("code").notNull(),
    label: text("label").notNull(),
    /** What Stripe is told; null: nothing. */
    stripeReason: text("stripe_reason", { enum: stripeReasons }),
    position: integer("position").notNull(),
    /** False: kept for old requests, and not to be chosen any more. */
    active: boolean("active").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.code] }),
    check("app_refund_reasons_code", sql`${t.code} ~ '^[a-z][a-z0-9_]{0,49}$'`),
    check("app_refund_reasons_label", sql`length(${t.label}) between 1 and 100`),
    // Stripe's own words mean what Stripe means by them, so that a rule about one is never slipped under.
    check(
      "app_refund_reasons_stripes_own",
      sql`${t.code} not in ('requested_by_customer', 'duplicate', 'fraudulent') or ${t.stripeReason} is not distinct from ${t.code}`,
    ),
  ],
);
