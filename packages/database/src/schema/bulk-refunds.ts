import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { minorUnits, moment } from "./columns.ts";
import { purchases } from "./purchases.ts";
import { approverRoles } from "./refunds.ts";

export const bulkRefundStatuses = [
  "preparing",
  "awaiting_approval",
  "running",
  "paused",
  "finished",
  "canceled",
  "rejected",
  "withdrawn",
  "expired",
] as const;
export type BulkRefundStatus = (typeof bulkRefundStatuses)[number];

/** Why the desk itself stopped a run. `person`: somebody did. */
export const bulkPausedCodes = ["person", "app_not_connected", "refunds_stopped", "approver_gone"] as const;
export type BulkPausedCode = (typeof bulkPausedCodes)[number];

/** Many refunds of one app that are approved together: exactly the sealed list, and nothing else. */
export const bulkRefunds = pgTable(
  "bulk_refunds",
  {
    id: text("id").primaryKey(),
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
    /** `filter`: what a search found when it was asked for; it is not searched again. */
    source: text("source", { enum: ["rows", "csv", "filter"] }).notNull(),
    filter: text("filter"),
    reason: text("reason").notNull(),
    note: text("note"),
    requestedByKind: text("requested_by_kind", { enum: ["operator", "agent"] }).notNull(),
    requestedById: text("requested_by_id").notNull(),
    /** The person who answers for the requester. */
    requestedByOwner: text("requested_by_owner").notNull(),
    requestKey: text("request_key"),
    requestHash: text("request_hash"),

    status: text("status", { enum: bulkRefundStatuses }).notNull(),
    itemCount: integer("item_count").notNull(),
    /** Whom the policy asks: the most that any line of the list needs. */
    approverRole: text("approver_role", { enum: approverRoles }).notNull().default("approver"),
    approversNeeded: integer("approvers_needed").notNull().default(1),
    /** Stands for exactly what is approved: every purchase with its amount, and the reason. Set when all lines are judged. */
    listHash: text("list_hash"),
    decidedBy: text("decided_by"),
    decidedAt: moment("decided_at"),
    decisionNote: text("decision_note"),
    selfApproved: boolean("self_approved").notNull().default(false),
    pausedCode: text("paused_code", { enum: bulkPausedCodes }),

    requestedAt: moment("requested_at").notNull(),
    expiresAt: moment("expires_at"),
    finishedAt: moment("finished_at"),
    /** The last sign of life of who prepares or runs it. */
    workedAt: moment("worked_at").notNull(),
  },
  (t) => [
    unique("bulk_refunds_owner").on(t.id, t.requestedByOwner),
    uniqueIndex("bulk_refunds_request_key")
      .on(t.requestedById, t.requestKey)
      .where(sql`${t.requestKey} is not null`),
    index("bulk_refunds_app_newest").on(t.appId, t.requestedAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("bulk_refunds_open")
      .on(t.workedAt)
      .where(sql`${t.status} in ('preparing', 'awaiting_approval', 'running', 'paused')`),
    check("bulk_refunds_approvers", sql`${t.approversNeeded} between 1 and 3`),
    check("bulk_refunds_filter", sql`(${t.source} = 'filter') = (${t.filter} is not null)`),
    check("bulk_refunds_sealed", sql`${t.status} in ('preparing', 'withdrawn') or ${t.listHash} is not null`),
    check(
      "bulk_refunds_decided",
      sql`${t.status} not in ('running', 'paused', 'canceled', 'rejected') or (${t.decidedBy} is not null and ${t.decidedAt} is not null)`,
    ),
    check(
      "bulk_refunds_not_own",
      sql`${t.status} = 'rejected' or ${t.decidedBy} is null or ${t.decidedBy} <> ${t.requestedByOwner} or ${t.selfApproved}`,
    ),
    check("bulk_refunds_paused", sql`(${t.status} = 'paused') = (${t.pausedCode} is not null)`),
    check(
      "bulk_refunds_finished",
      sql`(${t.status} in ('finished', 'canceled', 'rejected', 'withdrawn', 'expired')) = (${t.finishedAt} is not null)`,
    ),
  ],
);

export const bulkItemStatuses = ["listed", "ready", "left_out", "requested", "dropped", "canceled"] as const;
export type BulkItemStatus = (typeof bulkItemStatuses)[number];

/** One line of the list. A refund of a bulk repeats its purchase, amount and currency and is bound to them. */
export const bulkRefundItems = pgTable(
  "bulk_refund_items",
  {
    bulkRefundId: text("bulk_refund_id")
      .notNull()
      .references(() => bulkRefunds.id),
    /** Counts from 1, as the lines were given. */
    position: integer("position").notNull(),
    /** What the requester named the purchase by. */
    handle: text("handle").notNull(),
    /** Before it is judged, what was asked for (null: all that is left); after, what is returned. */
    amount: minorUnits("amount"),
    currency: text("currency"),
    /** What it names, also where it is left out. */
    foundPurchaseId: text("found_purchase_id").references(() => purchases.id),
    /** What is refunded by it. A line that is left out takes no purchase from another one. */
    purchaseId: text("purchase_id").references(() => purchases.id),
    status: text("status", { enum: bulkItemStatuses }).notNull(),
    /** Why it is left out of the list, or was dropped from the run: a stable code, and a sentence. */
    code: text("code"),
    explanation: text("explanation"),
  },
  (t) => [
    primaryKey({ columns: [t.bulkRefundId, t.position] }),
    // A purchase is in a list once.
    unique("bulk_refund_items_purchase").on(t.bulkRefundId, t.purchaseId),
    unique("bulk_refund_items_facts").on(t.bulkRefundId, t.purchaseId, t.amount, t.currency),
    index("bulk_refund_items_status").on(t.bulkRefundId, t.status, t.position),
    check("bulk_refund_items_amount", sql`${t.amount} > 0`),
    check(
      "bulk_refund_items_explicit",
      sql`${t.status} in ('listed', 'left_out') or (${t.purchaseId} is not null and ${t.amount} is not null and ${t.currency} is not null)`,
    ),
    check(
      "bulk_refund_items_left_out",
      sql`${t.purchaseId} is null or (${t.status} <> 'left_out' and ${t.purchaseId} = ${t.foundPurchaseId})`,
    ),
    check(
      "bulk_refund_items_reason",
      sql`(${t.status} in ('left_out', 'dropped')) = (${t.code} is not null) and (${t.code} is null) = (${t.explanation} is null)`,
    ),
  ],
);

/** A person's approval of a list that needs more than theirs. */
export const bulkRefundEndorsements = pgTable(
  "bulk_refund_endorsements",
  {
    bulkRefundId: text("bulk_refund_id").notNull(),
    requestedByOwner: text("requested_by_owner").notNull(),
    operatorId: text("operator_id").notNull(),
    endorsedAt: moment("endorsed_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.bulkRefundId, t.operatorId] }),
    foreignKey({
      name: "bulk_refund_endorsements_of_list",
      columns: [t.bulkRefundId, t.requestedByOwner],
      foreignColumns: [bulkRefunds.id, bulkRefunds.requestedByOwner],
    }),
    check("bulk_refund_endorsements_not_own", sql`${t.operatorId} <> ${t.requestedByOwner}`),
  ],
);

/**
 * How fast the refunds of bulks are sent to an account, by all processes together. Stripe does not tell its limit;
 * it is found: `good` was kept up without a refusal, `bad` was refused.
 */
export const refundPaces = pgTable("refund_paces", {
  stripeAccountId: text("stripe_account_id").primaryKey(),
  perSecond: doublePrecision("per_second").notNull(),
  good: doublePrecision("good").notNull(),
  bad: doublePrecision("bad"),
  /** When this pace began. */
  since: moment("since").notNull(),
  /** When a refusal last lowered it. */
  loweredAt: moment("lowered_at"),
  /** When the next refund may go. */
  freeAt: moment("free_at").notNull(),
});
