import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { minorUnits, moment } from "./columns.ts";
import { refunds } from "./refunds.ts";

/** `refund`: money left the app's balance. `failure`: it came back, since the refund failed or was canceled. */
export const movementKinds = ["refund", "failure"] as const;
export type MovementKind = (typeof movementKinds)[number];

/**
 * What a refund moved in the books of its app's account: a trigger writes the row with the status, and it is filled in
 * once from Stripe's balance transaction. For accounting; nothing is decided by it.
 */
export const refundMovements = pgTable(
  "refund_movements",
  {
    refundId: text("refund_id").notNull(),
    kind: text("kind", { enum: movementKinds }).notNull(),
    appId: text("app_id").notNull(),
    currency: text("currency").notNull(),
    /** When it was booked; until Stripe's own moment is known, ours of the same thing. */
    bookedAt: moment("booked_at").notNull(),

    /** `none`: Stripe has no balance transaction of it, so no money moved. */
    state: text("state", { enum: ["unread", "read", "none"] })
      .notNull()
      .default("unread"),
    /** When Stripe is asked next. */
    dueAt: moment("due_at"),
    /** How often it was asked in vain. */
    askCount: integer("ask_count").notNull().default(0),

    /** As Stripe booked it: signed, in the currency of the account's balance, which may be another. */
    stripeBalanceTransactionId: text("stripe_balance_transaction_id"),
    settledCurrency: text("settled_currency"),
    settledAmount: minorUnits("settled_amount"),
    /** What Stripe took for it, without the application fee; below zero: what it gave back. */
    fee: minorUnits("fee"),
    /** What the platform gave back of its fee; below zero: what it took again. */
    applicationFeeRefunded: minorUnits("application_fee_refunded"),
    net: minorUnits("net"),
    availableOn: moment("available_on"),
  },
  (t) => [
    primaryKey({ columns: [t.refundId, t.kind] }),
    foreignKey({
      name: "refund_movements_of_refund",
      columns: [t.refundId, t.appId],
      foreignColumns: [refunds.id, refunds.appId],
    }),
    index("refund_movements_booked").on(t.bookedAt, t.refundId, t.kind),
    index("refund_movements_app_booked").on(t.appId, t.bookedAt, t.refundId, t.kind),
    index("refund_movements_due").on(t.dueAt).where(sql`${t.dueAt} is not null`),
    check("refund_movements_kind", sql`${t.kind} in ('refund', 'failure')`),
    check("refund_movements_asked", sql`(${t.state} = 'unread') = (${t.dueAt} is not null)`),
    check(
      "refund_movements_whole",
      sql`num_nonnulls(${t.stripeBalanceTransactionId}, ${t.settledCurrency}, ${t.settledAmount}, ${t.fee}, ${t.applicationFeeRefunded}, ${t.net}) = case when ${t.state} = 'read' then 6 else 0 end`,
    ),
    // What Stripe says of it adds up.
    check(
      "refund_movements_net",
      sql`${t.net} = ${t.settledAmount} - ${t.fee} + ${t.applicationFeeRefunded}`,
    ),
  ],
);
