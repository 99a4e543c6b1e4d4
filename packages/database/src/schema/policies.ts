import { sql } from "drizzle-orm";
import { bigserial, check, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { moment } from "./columns.ts";
import { approverRoles, refunds } from "./refunds.ts";

/**
 * The policy of an app, or, with no app, the desk's own for apps that have none. A version never changes and
 * never goes (triggers): the one with the highest number is in force.
 */
export const policyVersions = pgTable(
  "policy_versions",
  {
    id: text("id").primaryKey(),
    appId: text("app_id").references(() => apps.id),
    number: integer("number").notNull(),
    /** Ordered rules, as core's `policy-document.ts` describes them. Null: from here on the app follows the desk's. */
    document: jsonb("document").$type<Record<string, unknown>>(),
    createdAt: moment("created_at").notNull(),
    createdByKind: text("created_by_kind", { enum: ["operator", "agent", "system"] }).notNull(),
    createdById: text("created_by_id").notNull(),
  },
  (t) => [
    uniqueIndex("policy_versions_of_app").on(t.appId, t.number).where(sql`${t.appId} is not null`),
    uniqueIndex("policy_versions_of_desk").on(t.number).where(sql`${t.appId} is null`),
    check("policy_versions_number", sql`${t.number} > 0`),
    // There is always a policy: the desk's own has none to follow.
    check("policy_versions_desk_whole", sql`${t.appId} is not null or ${t.document} is not null`),
  ],
);

export const verdictKinds = ["allow", "ask", "refuse"] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** Each judgement of a refund by policy, with the version that judged and the facts it saw. Append-only. */
export const refundVerdicts = pgTable(
  "refund_verdicts",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    refundId: text("refund_id")
      .notNull()
      .references(() => refunds.id),
    policyVersionId: text("policy_version_id")
      .notNull()
      .references(() => policyVersions.id),
    /** When it was asked for, when a person approved it, with the intention, or when it was to go on after a blockage. */
    occasion: text("occasion", { enum: ["request", "approval", "execution", "resumption"] }).notNull(),
    verdict: text("verdict", { enum: verdictKinds }).notNull(),
    /** Counts from 1; null: no rule decided. */
    rule: integer("rule"),
    /** Who has to approve it. */
    approverRole: text("approver_role", { enum: approverRoles }),
    /** How many of them; null in verdicts from before there could be more than one. */
    approvers: integer("approvers"),
    explanation: text("explanation").notNull(),
    /** Nothing personal. */
    facts: jsonb("facts").$type<Record<string, unknown>>().notNull(),
    judgedAt: moment("judged_at").notNull(),
  },
  (t) => [
    index("refund_verdicts_refund").on(t.refundId, t.id),
    uniqueIndex("refund_verdicts_of_request").on(t.refundId).where(sql`${t.occasion} = 'request'`),
    check("refund_verdicts_role", sql`(${t.verdict} = 'ask') = (${t.approverRole} is not null)`),
    check(
      "refund_verdicts_approvers",
      sql`${t.approvers} is null or (${t.verdict} = 'ask' and ${t.approvers} between 1 and 3)`,
    ),
    check("refund_verdicts_rule", sql`${t.verdict} = 'ask' or ${t.rule} is not null`),
  ],
);
