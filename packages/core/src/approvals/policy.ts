import { approvalRules, approvals, liveRefundStatuses, refunds, type Transaction } from "@redress/database";
import { and, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { RefundRow } from "../refunds/refund-row.ts";

/** What the audit log names as the decider. */
export const policyId = "approval_rules";

/**
 * Whether the app's rule lets this refund run without a person. The rule covers the sum of what policy
 * has let out for one purchase, so that a refund cannot be split to slip under the limit. The purchase
 * must be locked by the caller.
 */
export async function policyPermits(transaction: Transaction, refund: RefundRow): Promise<boolean> {
  const [rule] = await transaction
    .select({ maximumAmount: approvalRules.maximumAmount })
    .from(approvalRules)
    .where(and(eq(approvalRules.appId, refund.appId), eq(approvalRules.currency, refund.currency)));
  if (!rule) return false;
  const [sum] = await transaction
    .select({ amount: sql`coalesce(sum(${refunds.amount}), 0)`.mapWith(Number) })
    .from(refunds)
    .innerJoin(
      approvals,
      and(
        eq(approvals.id, refunds.approvalId),
        eq(approvals.decidedByKind, "policy"),
        isNull(approvals.revokedAt),
      ),
    )
    .where(
      and(
        eq(refunds.purchaseId, refund.purchaseId),
        ne(refunds.id, refund.id),
        // A superseded one holds nothing, but another row is what became of it.
        inArray(refunds.status, [...liveRefundStatuses, "superseded"]),
      ),
    );
  return (sum?.amount ?? 0) + refund.amount <= rule.maximumAmount;
}
