import { sql } from "drizzle-orm";
import { check, index, pgTable, primaryKey, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { bulkRefunds } from "./bulk-refunds.ts";
import { moment } from "./columns.ts";
import { operators } from "./operators.ts";
import { refunds } from "./refunds.ts";

/** Which operator a user of Slack is: linked by the operator, never guessed from an e-mail address. */
export const slackIdentities = pgTable(
  "slack_identities",
  {
    teamId: text("team_id").notNull(),
    userId: text("user_id").notNull(),
    operatorId: text("operator_id")
      .notNull()
      .references(() => operators.id, { onDelete: "cascade" }),
    linkedAt: moment("linked_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.teamId, t.userId] }),
    unique("slack_identities_operator").on(t.operatorId, t.teamId),
  ],
);

/** A code that an operator takes from the desk to Slack: single use, one at a time, kept as its fingerprint. */
export const slackLinkCodes = pgTable("slack_link_codes", {
  operatorId: text("operator_id")
    .primaryKey()
    .references(() => operators.id, { onDelete: "cascade" }),
  codeHash: text("code_hash").notNull().unique(),
  expiresAt: moment("expires_at").notNull(),
});

/**
 * A message about a request or a list of them in Slack: written down before it is posted, completed after. One that lost its answer
 * has no place (`ts`) until somebody clicks on it.
 */
export const slackMessages = pgTable(
  "slack_messages",
  {
    id: text("id").primaryKey(),
    refundId: text("refund_id").references(() => refunds.id),
    bulkRefundId: text("bulk_refund_id").references(() => bulkRefunds.id),
    /** `request`: it has the buttons. `reply`: a line below one. */
    kind: text("kind", { enum: ["request", "reply"] }).notNull(),
    /** What it tells of, e.g. `approval.told:rfd_…:asked:1`. Null: found by a click on it. */
    occasionKey: text("occasion_key"),
    startedAt: moment("started_at").notNull(),
    channel: text("channel"),
    ts: text("ts"),
    postedAt: moment("posted_at"),
    /** The state of the refund or list that it shows, and whether it still has its buttons. */
    shownStatus: text("shown_status"),
    /** Given up: Slack says that there is no such message or channel any more. */
    goneAt: moment("gone_at"),
  },
  (t) => [
    uniqueIndex("slack_messages_occasion").on(t.occasionKey).where(sql`${t.occasionKey} is not null`),
    uniqueIndex("slack_messages_place").on(t.channel, t.ts).where(sql`${t.ts} is not null`),
    index("slack_messages_refund").on(t.refundId),
    index("slack_messages_list").on(t.bulkRefundId).where(sql`${t.bulkRefundId} is not null`),
    check("slack_messages_subject", sql`num_nonnulls(${t.refundId}, ${t.bulkRefundId}) = 1`),
    check("slack_messages_place_whole", sql`num_nonnulls(${t.channel}, ${t.ts}, ${t.postedAt}) in (0, 3)`),
  ],
);
