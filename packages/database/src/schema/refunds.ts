import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { minorUnits, moment } from "./columns.ts";
import { purchases } from "./purchases.ts";

export const refundStatuses = [
  "requested",
  "awaiting_approval",
  "approved",
  "executing",
  "pending",
  "requires_action",
  "succeeded",
  "failed",
  "canceled",
  "refused",
  "blocked",
  "rejected",
  "expired",
  "withdrawn",
  "superseded",
] as const;
export type RefundStatus = (typeof refundStatuses)[number];

/** Statuses that hold (or have taken) part of what was captured. The rest are dead: they hold nothing. */
export const liveRefundStatuses = [
  "requested",
  "awaiting_approval",
  "approved",
  "executing",
  "pending",
  "requires_action",
  "succeeded",
  "blocked",
] as const satisfies readonly RefundStatus[];

export const refundReasons = ["requested_by_customer", "duplicate", "fraudulent"] as const;
export type RefundReason = (typeof refundReasons)[number];

/** Who may approve a request: an approver of its app, or only an admin. */
export const approverRoles = ["approver", "admin"] as const;
export type ApproverRole = (typeof approverRoles)[number];

/** The intention to return money, and what became of it. At most one Stripe refund belongs to it. */
export const refunds = pgTable(
  "refunds",
  {
    id: text("id").primaryKey(),
    appId: text("app_id").notNull(),
    purchaseId: text("purchase_id").notNull(),
    stripeAccountId: text("stripe_account_id").notNull(),
    stripeChargeId: text("stripe_charge_id").notNull(),
    /** `redress`: asked for here. `stripe`: made elsewhere (the merchant's own Dashboard) and taken in. */
    origin: text("origin", { enum: ["redress", "stripe"] }).notNull(),

    amount: minorUnits("amount").notNull(),
    currency: text("currency").notNull(),
    /** The app's own code for it; of what Stripe made, Stripe's. */
    reason: text("reason"),
    /** What Stripe is told for it. Null: the same word, where it is one of Stripe's. */
    stripeReason: text("stripe_reason", { enum: [...refundReasons, "none"] }),
    note: text("note"),
    /** Where the customer's own words are: a page of the helpdesk. Only ever a link, never fetched. */
    ticketUrl: text("ticket_url"),
    /** Whether the platform's application fee goes back too: as the app wanted it when this was asked for. */
    refundApplicationFee: boolean("refund_application_fee").notNull().default(false),

    requestedByKind: text("requested_by_kind", { enum: ["operator", "agent", "stripe"] }).notNull(),
    requestedById: text("requested_by_id").notNull(),
    /** The person who answers for the requester: the operator, or the owner of the agent's key. */
    requestedByOwner: text("requested_by_owner").notNull(),
    /** The caller's own id of the request (`Idempotency-Key`): the same one gives the same refund. */
    requestKey: text("request_key"),
    /** What that request asked, so that the same key with another question is a conflict. */
    requestHash: text("request_hash"),

    /** The list that it was asked for with; it is bound to its line (`refunds_of_bulk`, a foreign key). */
    bulkRefundId: text("bulk_refund_id"),
    /** The refund that was given up for this one. Should Stripe have it after all, this one must not be sent. */
    replacesRefundId: text("replaces_refund_id").unique("refunds_one_replacement"),

    status: text("status", { enum: refundStatuses }).notNull(),
    /** Whom the policy asks. */
    approverRole: text("approver_role", { enum: approverRoles }).notNull().default("approver"),
    /** How many different persons have to approve it. */
    approversNeeded: integer("approvers_needed").notNull().default(1),
    /** How often it was given to people; a trigger counts. What was endorsed in an earlier asking is spent. */
    asking: integer("asking").notNull().default(0),
    /** When the present asking began. */
    awaitingSince: moment("awaiting_since"),
    approvalId: text("approval_id").references((): AnyPgColumn => approvals.id),
    /** When that approval was given; null where it has none, or was rejected. */
    approvedAt: moment("approved_at"),
    /** `refund:{purchaseId}:{approvalId}`, stored before the first call to Stripe, the same for ever. */
    idempotencyKey: text("idempotency_key").unique(),
    /** Exactly what is sent under that key, at every retry, after an upgrade too. */
    stripeParameters: jsonb("stripe_parameters").$type<Record<string, unknown>>(),

    /** True from a call whose answer is not known until Stripe's state of it is. */
    outcomeUnknown: boolean("outcome_unknown").notNull().default(false),
    attemptCount: integer("attempt_count").notNull().default(0),
    firstAttemptAt: moment("first_attempt_at"),
    lastAttemptAt: moment("last_attempt_at"),
    nextAttemptAt: moment("next_attempt_at"),
    /** Refunds at Stripe that look like this one, and of which a person said that they are not. */
    dismissedStripeRefunds: text("dismissed_stripe_refunds").array().notNull().default([]),
    /** Only one worker acts on a row at a time; a lease that ran out is free again. */
    leaseUntil: moment("lease_until"),

    stripeRefundId: text("stripe_refund_id"),
    /** Of a refund taken in: the request of ours that made it, and was lost with the time since a backup. */
    lostRefundId: text("lost_refund_id"),
    /** What a call of ours made, as its key proves, although it stands in another row. */
    misplacedStripeRefundId: text("misplaced_stripe_refund_id"),
    pendingReason: text("pending_reason"),
    failureReason: text("failure_reason"),
    /** The bank reference (ARN) that a customer's bank can trace. */
    bankReference: text("bank_reference"),
    /** Why Stripe said no for good: our stable code, and Stripe's sentence. */
    refusedCode: text("refused_code"),
    refusedMessage: text("refused_message"),
    blockedCode: text("blocked_code", {
      enum: ["account_disconnected", "account_changed", "dispute_open", "refunds_stopped"],
    }),

    requestedAt: moment("requested_at").notNull(),
    /** When an undecided request lapses. */
    expiresAt: moment("expires_at"),
    settledAt: moment("settled_at"),
    updatedAt: moment("updated_at").notNull(),
  },
  (t) => [
    foreignKey({
      name: "refunds_of_purchase",
      columns: [t.purchaseId, t.appId, t.stripeAccountId, t.stripeChargeId, t.currency],
      foreignColumns: [
        purchases.id,
        purchases.appId,
        purchases.stripeAccountId,
        purchases.stripeChargeId,
        purchases.currency,
      ],
    }),
    /** What names a refund and its app (drifts) names them together. */
    unique("refunds_of_app").on(t.id, t.appId),
    unique("refunds_request").on(t.id, t.purchaseId, t.amount, t.currency, t.requestedByOwner),
    foreignKey({
      name: "refunds_replaces",
      columns: [t.replacesRefundId, t.purchaseId, t.amount, t.currency, t.requestedByOwner],
      foreignColumns: [t.id, t.purchaseId, t.amount, t.currency, t.requestedByOwner],
    }),
    // Each line of a list is asked for once. Its foreign key is written by hand: the two tables need each other.
    uniqueIndex("refunds_bulk_line")
      .on(t.bulkRefundId, t.purchaseId)
      .where(sql`${t.bulkRefundId} is not null`),
    uniqueIndex("refunds_stripe_refund").on(t.stripeAccountId, t.stripeRefundId),
    uniqueIndex("refunds_request_key")
      .on(t.requestedById, t.requestKey)
      .where(sql`${t.requestKey} is not null`),
    index("refunds_purchase").on(t.purchaseId),
    index("refunds_newest").on(t.requestedAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("refunds_app_newest").on(t.appId, t.requestedAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("refunds_status").on(t.status, t.requestedAt.desc().nullsFirst()),
    // All that the home page asks of refunds that were paid, so that it reads no rows.
    index("refunds_succeeded")
      .on(t.settledAt, t.appId, t.currency, t.reason, t.amount, t.approvedAt)
      .where(sql`${t.status} = 'succeeded'`),
    // The few that a person has to see: the alerts beside every page count them.
    index("refunds_failed").on(t.settledAt).where(sql`${t.status} in ('failed', 'canceled')`),
    index("refunds_due").on(t.nextAttemptAt).where(sql`${t.nextAttemptAt} is not null`),
    check("refunds_amount", sql`${t.amount} > 0`),
    check("refunds_approvers", sql`${t.approversNeeded} between 1 and 3`),
    check(
      "refunds_awaiting_since",
      sql`${t.status} <> 'awaiting_approval' or ${t.awaitingSince} is not null`,
    ),
    check(
      "refunds_key_form",
      sql`${t.idempotencyKey} is null or ${t.idempotencyKey} = 'refund:' || ${t.purchaseId} || ':' || ${t.approvalId}`,
    ),
    // Invariant 2: nothing is sent to Stripe without an approval and a stored key.
    check(
      "refunds_approved_before_sent",
      sql`${t.origin} = 'stripe' or ${t.status} in ('requested', 'awaiting_approval', 'rejected', 'expired', 'withdrawn') or ${t.approvalId} is not null`,
    ),
    check("refunds_key_before_attempt", sql`${t.attemptCount} = 0 or ${t.idempotencyKey} is not null`),
    check(
      "refunds_parameters_with_key",
      sql`(${t.idempotencyKey} is null) = (${t.stripeParameters} is null)`,
    ),
    // What was approved with the request is what is sent.
    check(
      "refunds_parameters_fee",
      sql`${t.stripeParameters} is null or coalesce(${t.stripeParameters} -> 'refund_application_fee', 'false'::jsonb) = to_jsonb(${t.refundApplicationFee})`,
    ),
    check(
      "refunds_settled_at_stripe",
      sql`${t.status} not in ('pending', 'requires_action', 'succeeded', 'failed', 'canceled') or ${t.stripeRefundId} is not null`,
    ),
    check("refunds_ticket_url", sql`${t.ticketUrl} ~ '^https?://' and length(${t.ticketUrl}) <= 500`),
    check(
      "refunds_unknown_stays_reserved",
      sql`not ${t.outcomeUnknown} or ${t.status} in ('executing', 'superseded')`,
    ),
    check("refunds_refused_reason", sql`(${t.status} = 'refused') = (${t.refusedCode} is not null)`),
    check("refunds_blocked_reason", sql`(${t.status} = 'blocked') = (${t.blockedCode} is not null)`),
    check("refunds_lost_shape", sql`${t.lostRefundId} is null or ${t.origin} = 'stripe'`),
    check("refunds_foreign_shape", sql`(${t.origin} = 'stripe') = (${t.requestedByKind} = 'stripe')`),
  ],
);

/** The decision on one request, by policy or by a person. */
export const approvals = pgTable(
  "approvals",
  {
    id: text("id").primaryKey(),
    /** These five repeat the request and are bound to it by a foreign key: a changed request needs a new approval. */
    refundId: text("refund_id").notNull(),
    purchaseId: text("purchase_id").notNull(),
    amount: minorUnits("amount").notNull(),
    currency: text("currency").notNull(),
    requestedByOwner: text("requested_by_owner").notNull(),

    decision: text("decision", { enum: ["approved", "rejected"] }).notNull(),
    decidedByKind: text("decided_by_kind", { enum: ["policy", "operator"] }).notNull(),
    decidedById: text("decided_by_id").notNull(),
    /** True only in a company with a single admin that has said so in its settings. */
    selfApproved: boolean("self_approved").notNull().default(false),
    note: text("note"),
    decidedAt: moment("decided_at").notNull(),
    /** The refund's app, and since when people were asked; null where nobody was. For figures over many decisions. */
    appId: text("app_id"),
    askedAt: moment("asked_at"),
    /** Set when the approval is no longer in force. */
    revokedAt: moment("revoked_at"),
  },
  (t) => [
    foreignKey({
      name: "approvals_of_request",
      columns: [t.refundId, t.purchaseId, t.amount, t.currency, t.requestedByOwner],
      foreignColumns: [
        refunds.id,
        refunds.purchaseId,
        refunds.amount,
        refunds.currency,
        refunds.requestedByOwner,
      ],
    }),
    foreignKey({
      name: "approvals_of_app",
      columns: [t.refundId, t.appId],
      foreignColumns: [refunds.id, refunds.appId],
    }),
    index("approvals_decided").on(t.decidedAt, t.appId, t.decidedByKind, t.askedAt),
    // What policy let out in a day or a month.
    index("approvals_by_policy").on(t.decidedAt).where(sql`${t.decidedByKind} = 'policy'`),
    uniqueIndex("approvals_one_decision").on(t.refundId).where(sql`${t.revokedAt} is null`),
    check(
      "approvals_not_own",
      sql`${t.decision} = 'rejected' or ${t.decidedByKind} = 'policy' or ${t.decidedById} <> ${t.requestedByOwner} or ${t.selfApproved}`,
    ),
  ],
);

export const attemptOutcomes = [
  "accepted",
  "refused",
  "already_refunded",
  "disputed",
  "no_access",
  "later",
  "unknown",
] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** One call to Stripe about a refund: written before it is made, completed after. */
export const refundAttempts = pgTable(
  "refund_attempts",
  {
    id: text("id").primaryKey(),
    refundId: text("refund_id")
      .notNull()
      .references(() => refunds.id),
    number: integer("number").notNull(),
    kind: text("kind", { enum: ["create", "look_up"] }).notNull(),
    idempotencyKey: text("idempotency_key").notNull(),
    startedAt: moment("started_at").notNull(),
    finishedAt: moment("finished_at"),
    /** Null while under way, or when the process died before it could write what came of it. */
    outcome: text("outcome", { enum: attemptOutcomes }),
    httpStatus: integer("http_status"),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    stripeRequestId: text("stripe_request_id"),
    /** What the call was answered with: the strongest evidence of which refund is ours. */
    stripeRefundId: text("stripe_refund_id"),
    replayed: boolean("replayed").notNull().default(false),
  },
  (t) => [
    unique("refund_attempts_number").on(t.refundId, t.number),
    check(
      "refund_attempts_answer",
      sql`${t.stripeRefundId} is null or (${t.kind} = 'create' and ${t.outcome} is not distinct from 'accepted')`,
    ),
  ],
);
