import { type ApproverRole, approvals, refunds, refundVerdicts, type Transaction } from "@redress/database";
import { and, eq, sql } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import type { PurchaseRow, RefundRow } from "../refunds/refund-row.ts";
import { type Spending, scopesOf, withinBudgets } from "./budgets.ts";
import type { JudgedRefund, PolicyFacts } from "./facts.ts";
import { judge, type Verdict } from "./judge.ts";
import type { Policy } from "./policy-document.ts";
import { policyInForce } from "./policy-in-force.ts";
import { readFacts, windowsOf } from "./read-facts.ts";
import { readSpending } from "./read-spending.ts";

export interface Judgement {
  readonly verdict: Verdict;
  /** The decider of the audit log: the version that judged. */
  readonly actor: Extract<Actor, { kind: "policy" }>;
}

/**
 * Judges a refund by the policy in force, and keeps the verdict with the version and the facts it saw, in the
 * caller's transaction. The purchase and the refund must be locked by the caller.
 */
export async function judgeRefund(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  input: {
    purchase: PurchaseRow;
    refund: RefundRow;
    occasion: (typeof refundVerdicts.$inferInsert)["occasion"];
    /** Of the approval that is judged once more: it counts in the budgets of that day. Now when left out. */
    decidedAt?: Date | undefined;
  },
): Promise<Judgement> {
  const { refund, occasion } = input;
  const now = dependencies.clock.now();
  const judged = await judgeNow(transaction, { ...input, now });
  const { verdict, policyVersionId, facts } = judged;
  await transaction.insert(refundVerdicts).values({
    refundId: refund.id,
    policyVersionId,
    occasion,
    verdict: verdict.kind,
    rule: verdict.rule,
    approverRole: verdict.kind === "ask" ? verdict.role : null,
    approvers: verdict.kind === "ask" ? verdict.approvers : null,
    explanation: verdict.explanation,
    facts: { ...facts },
    judgedAt: now,
  });
  return { verdict, actor: { kind: "policy", id: policyVersionId } };
}

/** The verdict of the policy in force, and what it saw; nothing is written. The purchase must be locked by the caller. */
export async function judgeNow(
  transaction: Transaction,
  input: { purchase: PurchaseRow; refund: JudgedRefund; now: Date; decidedAt?: Date | undefined },
): Promise<{
  verdict: Verdict;
  policyVersionId: string;
  facts: PolicyFacts & { spending: readonly Spending[] };
  policy: Policy;
}> {
  const { refund, now, decidedAt = now } = input;
  let { policy, versionId } = await policyInForce(transaction, refund.appId);
  if (looksBeyondPurchase(policy)) {
    await lockJudgements(transaction, refund.appId);
    // It may have been changed while this waited.
    ({ policy, versionId } = await policyInForce(transaction, refund.appId));
  }
  const facts = await readFacts(transaction, { ...input, policy });
  const scopes = scopesOf(policy, facts.requester);
  const spending = await readSpending(transaction, { ...input, scopes, decidedAt });
  const ruled = withinBudgets(judge(policy, facts), policy, refund, spending);
  const verdict = await heedRefusal(transaction, refund, ruled);
  return { verdict, policyVersionId: versionId, facts: { ...facts, spending }, policy };
}

/**
 * What a person refused binds an agent: of that purchase nothing more is let out to one without a person, whatever
 * amount it asks for next and however long after.
 */
async function heedRefusal(
  transaction: Transaction,
  refund: JudgedRefund,
  verdict: Verdict,
): Promise<Verdict> {
  if (verdict.kind !== "allow" || refund.requestedByKind !== "agent") return verdict;
  const [refused] = await transaction
    .select({ id: refunds.id })
    .from(refunds)
    .innerJoin(approvals, and(eq(approvals.id, refunds.approvalId), eq(approvals.decidedByKind, "operator")))
    .where(and(eq(refunds.purchaseId, refund.purchaseId), eq(refunds.status, "rejected")))
    .limit(1);
  if (refused === undefined) return verdict;
  const explanation = `${verdict.explanation} But: a person has refused a refund of this purchase before.`;
  return { kind: "ask", rule: verdict.rule, role: "approver", approvers: 1, explanation };
}

/** Whom a request needs: how many different persons, and with which role. */
export interface Demand {
  readonly approverRole: ApproverRole;
  readonly approversNeeded: number;
}

/** Whom to ask when the verdict does not allow. What a rule refuses takes an admin to let through. */
export function demandOf(verdict: Exclude<Verdict, { kind: "allow" }>): Demand {
  return verdict.kind === "ask"
    ? { approverRole: verdict.role, approversNeeded: verdict.approvers }
    : { approverRole: "admin", approversNeeded: 1 };
}

/** Whether it counts what other purchases' refunds change, which the lock on this purchase does not hold still. */
function looksBeyondPurchase(policy: Policy): boolean {
  return windowsOf(policy).length > 0 || policy.budgets.length > 0;
}

/**
 * One at a time for an app, until the commit: two requests of one customer see each other, and no two spend the
 * same budget. Always taken after the purchase and the refund, and nothing is locked after it.
 */
async function lockJudgements(transaction: Transaction, appId: string): Promise<void> {
  await transaction.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`policy:${appId}`}, 7336377))`,
  );
}
