import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { minorUnits, moment } from "./columns.ts";
import { purchases } from "./purchases.ts";
import { refunds } from "./refunds.ts";

/**
 * A connection put to the proof: a test card is charged on the app's account, and that charge refunded. Written
 * before Stripe is called; its id is the key of the charge, so that a repeated call makes no second one.
 */
export const testRefunds = pgTable(
  "test_refunds",
  {
    id: text("id").primaryKey(),
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
    stripeAccountId: text("stripe_account_id").notNull(),
    amount: minorUnits("amount").notNull(),
    currency: text("currency").notNull(),
    /** Id of the operator. */
    startedBy: text("started_by").notNull(),
    startedAt: moment("started_at").notNull(),
    /** Null until Stripe took the charge. */
    purchaseId: text("purchase_id").references(() => purchases.id),
    /** Null until its refund was asked for. */
    refundId: text("refund_id").references(() => refunds.id),
    /** What Stripe, or the desk, said to the last try. */
    error: text("error"),
  },
  (t) => [
    index("test_refunds_app_newest").on(t.appId, t.startedAt.desc().nullsFirst()),
    check("test_refunds_amount", sql`${t.amount} > 0`),
    check("test_refunds_order", sql`${t.refundId} is null or ${t.purchaseId} is not null`),
  ],
);
