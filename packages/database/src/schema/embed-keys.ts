import { sql } from "drizzle-orm";
import { check, pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { operators } from "./operators.ts";

/**
 * What a helpdesk signs with, so that its agents see the panel beside a ticket: it vouches for who looks. With it one can
 * ask in every operator's name, and decide in nobody's.
 */
export const embedKeys = pgTable(
  "embed_keys",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    /** Sealed: a signature is checked with the secret itself. */
    secretCiphertext: text("secret_ciphertext").notNull(),
    /** The secret before the present one: believed beside it until then. */
    previousSecretCiphertext: text("previous_secret_ciphertext"),
    previousSecretUntil: moment("previous_secret_until"),
    /** The only sites that may frame the panel. */
    origins: text("origins").array().notNull(),
    /** Null: every app, those to come too. */
    appIds: text("app_ids").array(),
    /** The moment up to which its pages are spent (see `spendCall`). */
    rateFreeAt: moment("rate_free_at").notNull(),
    createdBy: text("created_by")
      .notNull()
      .references(() => operators.id),
    createdAt: moment("created_at").notNull(),
    revokedAt: moment("revoked_at"),
    revokedBy: text("revoked_by"),
  },
  (t) => [
    check("embed_keys_origins", sql`cardinality(${t.origins}) between 1 and 10`),
    check("embed_keys_apps", sql`${t.appIds} is null or cardinality(${t.appIds}) > 0`),
    check(
      "embed_keys_previous_whole",
      sql`num_nonnulls(${t.previousSecretCiphertext}, ${t.previousSecretUntil}) in (0, 2)`,
    ),
    check("embed_keys_revoked", sql`(${t.revokedAt} is null) = (${t.revokedBy} is null)`),
  ],
);
