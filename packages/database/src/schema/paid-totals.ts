import { bigint, date, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";

/** What customers paid on one day (UTC) in one currency. Below zero it may be in a change, never in a total. */
const columns = {
  day: date("day", { mode: "string" }).notNull(),
  appId: text("app_id").notNull(),
  currency: text("currency").notNull(),
  /** In the currency's smallest unit. */
  amount: bigint("amount", { mode: "number" }).notNull(),
  /** Of purchases. */
  count: integer("count").notNull(),
};

/**
 * Sums over purchases by day, since a page cannot add up a million of them. Together with `paid_changes` they are what
 * a count of the purchases gives, at every moment.
 */
export const paidTotals = pgTable(
  "paid_totals",
  {
    ...columns,
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
  },
  (t) => [primaryKey({ columns: [t.day, t.appId, t.currency] })],
);

/**
 * What is not in the totals yet: triggers on purchases write it in the transaction of the purchase, and the sweeper
 * moves it into the totals. Without a key, so that nobody who takes in purchases waits for another.
 */
export const paidChanges = pgTable("paid_changes", columns);
