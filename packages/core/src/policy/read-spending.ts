import { approvals, liveRefundStatuses, purchases, refunds, type Transaction } from "@redress/database";
import { and, eq, gte, inArray, isNull, lt, ne, type SQL, sql } from "drizzle-orm";
import type { PurchaseRow } from "../refunds/refund-row.ts";
import { type BudgetScope, periodOf, type Spending } from "./budgets.ts";
import type { JudgedRefund } from "./facts.ts";

/**
 * What policy has let out in each scope, without this refund: the refunds that it approved in the period and that
 * have not ended without a payment. Judgements of the app must be locked by the caller.
 *
 * @param input.decidedAt when policy approves, or did approve, the refund that is judged: it counts in that period
 */
export async function readSpending(
  transaction: Transaction,
  input: { purchase: PurchaseRow; refund: JudgedRefund; scopes: readonly BudgetScope[]; decidedAt: Date },
): Promise<Spending[]> {
  const { purchase, refund, decidedAt } = input;
  const spending: Spending[] = [];
  for (const { per, period } of input.scopes) {
    const whose = ownerOf(per, purchase, refund);
    if (whose === null) {
      spending.push({ per, period, spent: null });
      continue;
    }
    const { from, until } = periodOf(period, decidedAt);
    const [sum] = await transaction
      .select({ spent: sql`coalesce(sum(${refunds.amount}), 0)`.mapWith(Number) })
      .from(approvals)
      .innerJoin(refunds, eq(refunds.approvalId, approvals.id))
      .innerJoin(purchases, eq(purchases.id, refunds.purchaseId))
      .where(
        and(
          eq(approvals.decidedByKind, "policy"),
          eq(approvals.decision, "approved"),
          isNull(approvals.revokedAt),
          gte(approvals.decidedAt, from),
          lt(approvals.decidedAt, until),
          eq(refunds.appId, refund.appId),
          eq(refunds.currency, refund.currency),
          ne(refunds.id, refund.id),
          // A superseded one may be paid after all, and what replaced it was let out by a person.
          inArray(refunds.status, [...liveRefundStatuses, "superseded"]),
          whose,
        ),
      );
    spending.push({ per, period, spent: sum?.spent ?? 0 });
  }
  return spending;
}

/** Null: not known. */
function ownerOf(per: BudgetScope["per"], purchase: PurchaseRow, refund: JudgedRefund): SQL | null {
  switch (per) {
    case "app":
      return sql`true`;
    case "agent":
      return sql`${refunds.requestedByKind} = 'agent' and ${refunds.requestedById} = ${refund.requestedById}`;
    case "customer":
      return purchase.customerEmail === null
        ? null
        : sql`lower(${purchases.customerEmail}) = lower(${purchase.customerEmail})`;
  }
}
