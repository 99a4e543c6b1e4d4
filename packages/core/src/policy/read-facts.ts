import {
  approvals,
  liveRefundStatuses,
  purchases,
  type Queryable,
  refunds,
  refundVerdicts,
  type Transaction,
} from "@redress/database";
import { and, eq, gte, inArray, isNull, lt, ne, or, sql } from "drizzle-orm";
import { isClosed } from "../refunds/dispute-facts.ts";
import type { PurchaseRow } from "../refunds/refund-row.ts";
import type { EarlierRefunds, JudgedRefund, PolicyFacts } from "./facts.ts";
import type { DisputeState, Policy } from "./policy-document.ts";

const dayMs = 24 * 60 * 60 * 1000;

interface FactsInput {
  readonly purchase: PurchaseRow;
  readonly refund: JudgedRefund;
  readonly policy: Policy;
  readonly now: Date;
}

/** What a refund is judged by. The purchase must be locked by the caller. */
export async function readFacts(transaction: Transaction, input: FactsInput): Promise<PolicyFacts> {
  const asksForHistory = windowsOf(input.policy).length > 0;
  return factsOf(transaction, {
    ...input,
    letOutBefore: await letOutBefore(transaction, input.refund),
    turn: asksForHistory ? await readTurn(transaction, input.refund.id) : 0,
  });
}

/**
 * @param input.letOutBefore what counts with it in the limits of rules, smallest unit
 * @param input.turn the id of its verdict when it was asked for; refunds with a lower one came before it
 */
export async function factsOf(
  queryable: Queryable,
  input: FactsInput & { readonly letOutBefore: number; readonly turn: number },
): Promise<PolicyFacts> {
  const { purchase, refund, now } = input;
  return {
    amount: refund.amount + input.letOutBefore,
    currency: refund.currency,
    ageMs: Math.max(0, now.getTime() - purchase.purchasedAt.getTime()),
    product: purchase.productName?.trim() || null,
    reason: refund.reason,
    requester: refund.requestedByKind === "agent" ? "agent" : "person",
    dispute: disputeState(purchase.disputeStatus),
    earlierRefunds: await readHistory(queryable, input),
  };
}

/**
 * What counts with a request in the limits of rules, so that a refund cannot be split to slip under one: what policy has
 * let out for the same purchase. With an agent's it is all that was or may be returned of it, whoever asked and decided:
 * an agent does not know what a colleague has done for the same complaint.
 */
async function letOutBefore(transaction: Transaction, refund: JudgedRefund): Promise<number> {
  // A superseded one holds nothing, but another row is what became of it.
  const byPolicy = and(
    eq(approvals.decidedByKind, "policy"),
    inArray(refunds.status, [...liveRefundStatuses, "superseded"]),
  );
  const [sum] = await transaction
    .select({ amount: sql`coalesce(sum(${refunds.amount}), 0)`.mapWith(Number) })
    .from(refunds)
    .leftJoin(approvals, and(eq(approvals.id, refunds.approvalId), isNull(approvals.revokedAt)))
    .where(
      and(
        eq(refunds.purchaseId, refund.purchaseId),
        ne(refunds.id, refund.id),
        refund.requestedByKind === "agent"
          ? or(byPolicy, inArray(refunds.status, liveRefundStatuses))
          : byPolicy,
      ),
    );
  return sum?.amount ?? 0;
}

export function disputeState(status: string | null): DisputeState {
  if (status === null) return "none";
  if (status === "lost") return "lost";
  return isClosed(status) ? "won" : "open";
}

/** The windows that a policy asks for. */
export function windowsOf({ rules }: Policy): number[] {
  return [...new Set(rules.flatMap(({ when }) => when.earlierRefunds?.withinDays ?? []))];
}

async function readHistory(
  queryable: Queryable,
  input: FactsInput & { readonly turn: number },
): Promise<EarlierRefunds[] | null> {
  const { purchase, refund, policy, now, turn } = input;
  if (purchase.customerEmail === null) return null;
  const windows = windowsOf(policy);
  const history: EarlierRefunds[] = [];
  for (const withinDays of windows) {
    const [counted] = await queryable
      .select({
        count: sql`count(*)`.mapWith(Number),
        amount:
          sql`coalesce(sum(${refunds.amount}) filter (where ${refunds.currency} = ${refund.currency}), 0)`.mapWith(
            Number,
          ),
      })
      .from(refunds)
      .innerJoin(purchases, eq(purchases.id, refunds.purchaseId))
      .leftJoin(refundVerdicts, isRequestVerdict(refunds.id))
      .where(
        and(
          eq(purchases.appId, purchase.appId),
          sql`lower(${purchases.customerEmail}) = lower(${purchase.customerEmail})`,
          inArray(refunds.status, liveRefundStatuses),
          gte(refunds.requestedAt, new Date(now.getTime() - withinDays * dayMs)),
          ne(refunds.id, refund.id),
          cameBefore(refund, turn),
        ),
      );
    history.push({ withinDays, count: counted?.count ?? 0, amount: counted?.amount ?? 0 });
  }
  return history;
}

const isRequestVerdict = (refundId: string | typeof refunds.id) =>
  and(eq(refundVerdicts.refundId, refundId), eq(refundVerdicts.occasion, "request"));

/** The id of the verdict when it was asked for: they are given one at a time. Past all others where there is none yet. */
async function readTurn(transaction: Transaction, refundId: string): Promise<number> {
  const [verdict] = await transaction
    .select({ id: refundVerdicts.id })
    .from(refundVerdicts)
    .where(isRequestVerdict(refundId));
  return verdict?.id ?? Number.MAX_SAFE_INTEGER;
}

/**
 * Of two requests only one is the earlier one, so that two at once do not stop each other: the one that was
 * judged first. Clocks tell only where a refund was never asked for here.
 */
function cameBefore({ id, requestedAt }: JudgedRefund, turn: number) {
  const wasAsked = or(
    lt(refunds.requestedAt, requestedAt),
    and(eq(refunds.requestedAt, requestedAt), lt(refunds.id, id)),
  );
  return or(lt(refundVerdicts.id, turn), and(isNull(refundVerdicts.id), wasAsked));
}
