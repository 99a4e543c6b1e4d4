import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { moment } from "./columns.ts";
import { operators } from "./operators.ts";

/**
 * A way for an app's developer, who has no account, to see and mend the app's notifications. The person who made it answers
 * for what is done with it, and it never reaches further than they do.
 */
export const portalLinks = pgTable(
  "portal_links",
  {
    id: text("id").primaryKey(),
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
    /** Whom it is for, as its maker wrote it. */
    name: text("name").notNull(),
    /** Of the token in its address, which is shown once, and opens it once. */
    tokenFingerprint: text("token_fingerprint").notNull().unique(),
    /** Of what the browser that opened it keeps in a cookie. */
    sessionFingerprint: text("session_fingerprint").unique(),
    createdBy: text("created_by")
      .notNull()
      .references(() => operators.id),
    createdAt: moment("created_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
    openedAt: moment("opened_at"),
    /** To the minute. */
    lastUsedAt: moment("last_used_at"),
    /** The moment up to which its pages are spent (see `spendCall`). */
    rateFreeAt: moment("rate_free_at").notNull(),
    revokedAt: moment("revoked_at"),
    revokedBy: text("revoked_by"),
  },
  (t) => [
    index("portal_links_app").on(t.appId, t.createdAt),
    check(
      "portal_links_life",
      sql`${t.expiresAt} > ${t.createdAt} and ${t.expiresAt} <= ${t.createdAt} + interval '168 hours'`,
    ),
    check("portal_links_opened", sql`(${t.openedAt} is null) = (${t.sessionFingerprint} is null)`),
    check("portal_links_revoked", sql`(${t.revokedAt} is null) = (${t.revokedBy} is null)`),
  ],
);
