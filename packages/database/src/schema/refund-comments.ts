import { sql } from "drizzle-orm";
import { check, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { refunds } from "./refunds.ts";

/** What people and agents say to each other about a refund. Never changed (trigger), but the text can be erased. */
export const refundComments = pgTable(
  "refund_comments",
  {
    id: text("id").primaryKey(),
    refundId: text("refund_id")
      .notNull()
      .references(() => refunds.id),
    /** Counts those of the refund, from 1. */
    number: integer("number").notNull(),
    authorKind: text("author_kind", { enum: ["operator", "agent"] }).notNull(),
    authorId: text("author_id").notNull(),
    /** Null: erased. */
    text: text("text"),
    createdAt: moment("created_at").notNull(),
    /** The caller's own id of what was said: the same one again says nothing twice, as long as the database lives. */
    requestKey: text("request_key"),
  },
  (t) => [
    unique("refund_comments_number").on(t.refundId, t.number),
    unique("refund_comments_request_key").on(t.authorId, t.requestKey),
    check(
      "refund_comments_limits",
      sql`${t.number} between 1 and 500 and length(${t.text}) between 1 and 2000`,
    ),
  ],
);
