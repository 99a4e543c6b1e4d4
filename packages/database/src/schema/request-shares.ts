import { pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/**
 * What reading in the background may send to Stripe, of all processes together: one row for each kind of
 * reading. Each request moves `free_at` on, and who finds it too far ahead waits.
 */
export const requestShares = pgTable("request_shares", {
  share: text("share", { enum: ["reconciliation", "import", "accounting"] }).primaryKey(),
  freeAt: moment("free_at").notNull(),
});
