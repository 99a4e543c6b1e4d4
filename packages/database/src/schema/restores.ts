import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { moment } from "./columns.ts";

/** One time that the database was put back from a backup: what was done between the two moments is lost here. */
export const restores = pgTable(
  "restores",
  {
    id: text("id").primaryKey(),
    /** The newest that the backup knew. */
    since: moment("since").notNull(),
    /** When the desk was told of it. */
    noticedAt: moment("noticed_at").notNull(),
    /** Messages to apps are numbered from here on: an app may have seen numbers that are lost here. */
    sequenceFloor: integer("sequence_floor").notNull(),
  },
  (t) => [check("restores_span", sql`${t.since} <= ${t.noticedAt}`)],
);

/** The apps that there were at a restore. None lets refunds run again before it was compared with Stripe. */
export const restoreApps = pgTable(
  "restore_apps",
  {
    restoreId: text("restore_id")
      .notNull()
      .references(() => restores.id),
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
    comparedAt: moment("compared_at"),
  },
  (t) => [
    primaryKey({ columns: [t.restoreId, t.appId] }),
    index("restore_apps_open").on(t.appId).where(sql`${t.comparedAt} is null`),
  ],
);
