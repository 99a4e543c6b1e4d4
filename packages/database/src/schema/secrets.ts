import { pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/**
 * What finds the fingerprints (of agents' keys, links and codes) that were made with a `REDRESS_SECRET` which is not
 * there any more: a fingerprint cannot be made anew, since nobody has the text it stands for.
 */
export const retiredFingerprintKeys = pgTable("retired_fingerprint_keys", {
  /** Of the secret's key, as in what it sealed. */
  id: text("id").primaryKey(),
  /** Sealed with the present secret. */
  sealedKey: text("sealed_key").notNull(),
  keptAt: moment("kept_at").notNull(),
});
