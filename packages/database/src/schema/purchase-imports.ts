import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { moment } from "./columns.ts";

/** One import of an account's charges, as far as it has come. */
export const purchaseImports = pgTable(
  "purchase_imports",
  {
    id: text("id").primaryKey(),
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
    stripeAccountId: text("stripe_account_id").notNull(),
    /** `stopped`: the app was disconnected, or another import took its place. */
    status: text("status", { enum: ["running", "done", "failed", "stopped"] }).notNull(),
    /** Pages taken in, the charges on them, and those of them that took money. */
    pageCount: integer("page_count").notNull().default(0),
    chargeCount: integer("charge_count").notNull().default(0),
    importedCount: integer("imported_count").notNull().default(0),
    /** Why it failed or was stopped, or what Stripe said to the last try. */
    error: text("error"),
    startedAt: moment("started_at").notNull(),
    /** When its last page was taken in. */
    updatedAt: moment("updated_at").notNull(),
    finishedAt: moment("finished_at"),
  },
  (t) => [
    uniqueIndex("purchase_imports_one_running").on(t.appId).where(sql`${t.status} = 'running'`),
    index("purchase_imports_app_newest").on(t.appId, t.startedAt.desc().nullsFirst()),
    check("purchase_imports_end", sql`(${t.status} = 'running') = (${t.finishedAt} is null)`),
  ],
);

/**
 * A stretch of the time of sale that is listed by itself, newest first: Stripe's list has one cursor, and one list
 * after the other would not use what its limits allow.
 */
export const purchaseImportWindows = pgTable(
  "purchase_import_windows",
  {
    importId: text("import_id")
      .notNull()
      .references(() => purchaseImports.id),
    number: integer("number").notNull(),
    /** The first second that belongs to it; null: as old as there is. */
    soldFrom: moment("sold_from"),
    /** The first second that does not; null: as new as there is. */
    soldUntil: moment("sold_until"),
    /** The last charge that was taken in, and when it was made: the next page goes on after it. */
    cursor: text("cursor"),
    reachedAt: moment("reached_at"),
    isDone: boolean("is_done").notNull().default(false),
    /** Who lists a page of it has it until then. */
    leaseUntil: moment("lease_until"),
  },
  (t) => [
    primaryKey({ columns: [t.importId, t.number] }),
    index("purchase_import_windows_open").on(t.importId).where(sql`not ${t.isDone}`),
    check("purchase_import_windows_span", sql`${t.soldFrom} < ${t.soldUntil}`),
  ],
);
