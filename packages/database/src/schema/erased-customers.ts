import { pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/**
 * Whom the desk was told to forget, as a keyed fingerprint: an import that finds an older charge of theirs keeps nothing
 * personal of it. What they buy afterwards is kept as anybody's.
 */
export const erasedCustomers = pgTable("erased_customers", {
  /** Of an e-mail address or of a customer's id at an account: see `fingerprintsOfCustomer`. */
  fingerprint: text("fingerprint").primaryKey(),
  erasedAt: moment("erased_at").notNull(),
});
