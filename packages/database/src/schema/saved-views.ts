import { sql } from "drizzle-orm";
import { boolean, check, index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { operators } from "./operators.ts";

/** Pages whose filters can be kept. */
export const viewPages = ["purchases", "refunds"] as const;
export type ViewPage = (typeof viewPages)[number];

/** The filters of a page under a name: a person's own, or shared with everybody who may see the page. */
export const savedViews = pgTable(
  "saved_views",
  {
    id: text("id").primaryKey(),
    page: text("page", { enum: viewPages }).notNull(),
    name: text("name").notNull(),
    /** The filters as they stand in the address, e.g. `app=shop&query=49.00`. The page parses them again. */
    search: text("search").notNull(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => operators.id, { onDelete: "cascade" }),
    isShared: boolean("is_shared").notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (t) => [
    unique("saved_views_name").on(t.ownerId, t.page, t.name),
    index("saved_views_page").on(t.page, t.createdAt, t.id),
    check("saved_views_page_known", sql`${t.page} in ('purchases', 'refunds')`),
    check("saved_views_name_form", sql`length(${t.name}) between 1 and 60 and ${t.name} !~ '[[:cntrl:]]'`),
    check("saved_views_search", sql`length(${t.search}) <= 1000`),
  ],
);
