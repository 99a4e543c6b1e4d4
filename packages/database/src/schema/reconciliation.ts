import { sql } from "drizzle-orm";
import {
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
import { apps } from "./apps.ts";
import { moment } from "./columns.ts";
import { refunds } from "./refunds.ts";

export const reconciliationPhases = ["list_refunds", "ask_refunds", "list_events", "send_again"] as const;
export type ReconciliationPhase = (typeof reconciliationPhases)[number];

/** One comparison of an account's books at Stripe with ours, as far as it has come. */
export const reconciliationRuns = pgTable(
  "reconciliation_runs",
  {
    id: text("id").primaryKey(),
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
    stripeAccountId: text("stripe_account_id").notNull(),
    /** `scheduled` by the desk itself; `asked` for by a person. */
    kind: text("kind", { enum: ["scheduled", "asked"] }).notNull(),
    /** As it was asked for: the same question again goes on with a run that was interrupted. */
    askedSince: moment("asked_since"),
    /** Where only one refund, with the others of its charge, is compared. */
    refundId: text("refund_id").references(() => refunds.id),
    /** What was made at Stripe between these two is listed. */
    since: moment("since").notNull(),
    until: moment("until").notNull(),
    status: text("status", { enum: ["running", "done", "disconnected", "failed"] }).notNull(),
    phase: text("phase", { enum: reconciliationPhases }).notNull(),
    /** The last thing of this phase that is done: an id of Stripe's, or of a refund of ours. */
    cursor: text("cursor"),
    /** How far back the list of this phase has come; null where it has not begun. */
    reachedAt: moment("reached_at"),

    refundsListed: integer("refunds_listed").notNull().default(0),
    refundsAsked: integer("refunds_asked").notNull().default(0),
    eventsListed: integer("events_listed").notNull().default(0),
    eventsPulled: integer("events_pulled").notNull().default(0),
    sentAgain: integer("sent_again").notNull().default(0),

    /** While running: who comes now waits until then, since somebody is at work or Stripe asked for a pause. */
    nextAttemptAt: moment("next_attempt_at"),
    /** Tries in vain since the last step that went well. */
    attemptCount: integer("attempt_count").notNull().default(0),
    lastError: text("last_error"),
    startedAt: moment("started_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    finishedAt: moment("finished_at"),
  },
  (t) => [
    uniqueIndex("reconciliation_runs_one_scheduled")
      .on(t.appId)
      .where(sql`${t.status} = 'running' and ${t.kind} = 'scheduled'`),
    uniqueIndex("reconciliation_runs_one_asked")
      .on(t.appId, t.stripeAccountId, t.askedSince)
      .where(sql`${t.status} = 'running' and ${t.kind} = 'asked' and ${t.refundId} is null`),
    index("reconciliation_runs_app_newest").on(t.appId, t.startedAt.desc().nullsFirst()),
    index("reconciliation_runs_due").on(t.nextAttemptAt).where(sql`${t.status} = 'running'`),
    check("reconciliation_runs_span", sql`${t.since} <= ${t.until}`),
    check("reconciliation_runs_end", sql`(${t.status} = 'running') = (${t.finishedAt} is null)`),
    check(
      "reconciliation_runs_due_while_running",
      sql`(${t.status} = 'running') = (${t.nextAttemptAt} is not null)`,
    ),
  ],
);

export const driftKinds = [
  /** Our row and Stripe's refund were of different status, or facts beside it differed. */
  "refund_differs",
  /** Stripe has a refund that we had no row for. */
  "refund_missing_here",
  /** Stripe has a refund of a charge that is no purchase here, and cannot become one. */
  "refund_of_unknown_charge",
  /** We name a refund that Stripe does not have. */
  "refund_missing_at_stripe",
  /** Something happened at Stripe and no webhook told. */
  "event_missing",
  /** Work that was due had no effect: a refund to send, a notification, an event to handle. */
  "effect_missing",
  /** The desk itself failed each time it compared this refund: its other facts are in the log. */
  "refund_not_compared",
] as const;
export type DriftKind = (typeof driftKinds)[number];

/** One difference that a reconciliation found: which side was right, and what was done. */
export const drifts = pgTable(
  "drifts",
  {
    id: text("id").primaryKey(),
    runId: text("run_id")
      .notNull()
      .references(() => reconciliationRuns.id),
    /** Whose it is, and so who may see it: the refund's own app, also where the account has moved to another. */
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
    kind: text("kind", { enum: driftKinds }).notNull(),
    /** What differed: an id of ours (`rfd_`, `ntf_`) or of Stripe's (`re_`, `evt_`). */
    subjectId: text("subject_id").notNull(),
    refundId: text("refund_id"),
    stripeRefundId: text("stripe_refund_id"),
    /** The two sides as they were found; null: not there. */
    here: jsonb("here").$type<Record<string, unknown>>(),
    atStripe: jsonb("at_stripe").$type<Record<string, unknown>>(),
    /** `undecided`: a person has to look. */
    rightSide: text("right_side", { enum: ["stripe", "desk", "undecided"] }).notNull(),
    action: text("action", { enum: ["settled", "taken_in", "pulled", "sent_again", "none"] }).notNull(),
    foundAt: moment("found_at").notNull(),
  },
  (t) => [
    // Invariant 7: no app sees a drift of another's refund.
    foreignKey({
      name: "drifts_refund_of_app",
      columns: [t.refundId, t.appId],
      foreignColumns: [refunds.id, refunds.appId],
    }),
    unique("drifts_once_a_run").on(t.runId, t.kind, t.subjectId),
    index("drifts_newest").on(t.foundAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("drifts_app_newest").on(t.appId, t.foundAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("drifts_refund").on(t.refundId),
  ],
);
