import { sql } from "drizzle-orm";
import { check, index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { purchases } from "./purchases.ts";
import { refunds } from "./refunds.ts";

export const proposalStatuses = ["open", "accepted", "dismissed", "lapsed"] as const;
export type ProposalStatus = (typeof proposalStatuses)[number];

/**
 * A refund that the desk proposes and a person may ask for with one click: an issuer suspects fraud, and a
 * refund now may spare the merchant a dispute (Stripe: early fraud warnings). It reserves nothing.
 */
export const refundProposals = pgTable(
  "refund_proposals",
  {
    id: text("id").primaryKey(),
    purchaseId: text("purchase_id")
      .notNull()
      .references(() => purchases.id),
    /** The early fraud warning `issfr_…`: one proposes once, however often its events come. */
    stripeWarningId: text("stripe_warning_id").notNull(),
    fraudType: text("fraud_type").notNull(),
    status: text("status", { enum: proposalStatuses }).notNull(),
    /** What was asked for on this proposal. */
    refundId: text("refund_id")
      .unique()
      .references(() => refunds.id),
    createdAt: moment("created_at").notNull(),
    closedAt: moment("closed_at"),
    /** The person who accepted or dismissed it; null when it lapsed by itself. */
    closedBy: text("closed_by"),
  },
  (t) => [
    unique("refund_proposals_warning").on(t.purchaseId, t.stripeWarningId),
    index("refund_proposals_open").on(t.createdAt).where(sql`${t.status} = 'open'`),
    check("refund_proposals_closed", sql`(${t.status} = 'open') = (${t.closedAt} is null)`),
    check("refund_proposals_accepted", sql`(${t.status} = 'accepted') = (${t.refundId} is not null)`),
    check(
      "refund_proposals_decided",
      sql`(${t.status} in ('accepted', 'dismissed')) = (${t.closedBy} is not null)`,
    ),
  ],
);
