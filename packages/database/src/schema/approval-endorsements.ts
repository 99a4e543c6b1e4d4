import { sql } from "drizzle-orm";
import { check, foreignKey, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { minorUnits, moment } from "./columns.ts";
import { refunds } from "./refunds.ts";

/**
 * A person's approval of a request that needs more than theirs. It permits nothing by itself: the last person
 * needed makes the approval, and a trigger (`approvals_enough`) counts those before them.
 */
export const approvalEndorsements = pgTable(
  "approval_endorsements",
  {
    id: text("id").primaryKey(),
    /** These five repeat the request, as those of `approvals` do. */
    refundId: text("refund_id").notNull(),
    purchaseId: text("purchase_id").notNull(),
    amount: minorUnits("amount").notNull(),
    currency: text("currency").notNull(),
    requestedByOwner: text("requested_by_owner").notNull(),
    /** The asking that it answers (`refunds.asking`); a request that is asked anew needs new ones. */
    asking: integer("asking").notNull(),
    operatorId: text("operator_id").notNull(),
    note: text("note"),
    endorsedAt: moment("endorsed_at").notNull(),
    /** Set by the person who gave it, while the request still waits. */
    takenBackAt: moment("taken_back_at"),
  },
  (t) => [
    foreignKey({
      name: "approval_endorsements_of_request",
      columns: [t.refundId, t.purchaseId, t.amount, t.currency, t.requestedByOwner],
      foreignColumns: [
        refunds.id,
        refunds.purchaseId,
        refunds.amount,
        refunds.currency,
        refunds.requestedByOwner,
      ],
    }),
    uniqueIndex("approval_endorsements_once")
      .on(t.refundId, t.asking, t.operatorId)
      .where(sql`${t.takenBackAt} is null`),
    // No setting permits it: who has nobody else to ask must not ask for two.
    check("approval_endorsements_not_own", sql`${t.operatorId} <> ${t.requestedByOwner}`),
  ],
);

/** That a request which waits too long was reminded of: once for each stage of an asking. */
export const approvalReminders = pgTable(
  "approval_reminders",
  {
    refundId: text("refund_id")
      .notNull()
      .references(() => refunds.id),
    asking: integer("asking").notNull(),
    stage: text("stage", { enum: ["reminder", "escalated"] }).notNull(),
    toldAt: moment("told_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.refundId, t.asking, t.stage] })],
);
