import { liveRefundStatuses, purchases, refunds, refundVerdicts } from "@redress/database";
import { and, desc, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { readAppRow } from "../apps/get-app.ts";
import type { Dependencies } from "../dependencies.ts";
import { parseInput } from "../parse-input.ts";
import type { PurchaseRow, RefundRow } from "../refunds/refund-row.ts";
import { periodOf, type Spending, scopesOf, withinBudgets } from "./budgets.ts";
import { judge, type Verdict } from "./judge.ts";
import { disputeStates, type Policy } from "./policy-document.ts";
import { policySchema } from "./policy-schema.ts";
import { factsOf } from "./read-facts.ts";

/** What would become of one past request. */
export interface DryRunRequest {
  readonly refundId: string;
  readonly requestedAt: Date;
  readonly amount: number;
  readonly currency: string;
  readonly status: RefundRow["status"];
  /** The verdict when it was asked for; null where none was kept. */
  readonly verdict: Verdict["kind"] | null;
  readonly draftVerdict: Verdict;
}

export interface DryRun {
  /** Oldest first. */
  readonly requests: readonly DryRunRequest[];
  readonly counts: Readonly<Record<Verdict["kind"], number>>;
  /** Of how many the draft says something else than was said then. */
  readonly changed: number;
}

export const dryRunLimits = { default: 200, most: 500 } as const;

interface PastRequest {
  readonly refund: RefundRow;
  readonly purchase: PurchaseRow;
  readonly said: { readonly id: number; readonly verdict: Verdict["kind"]; readonly facts: unknown } | null;
}

/**
 * What a draft would have said of an app's newest requests, each as it was when it was asked for. Nothing is
 * written. What came before these requests counts as earlier refunds, and neither in the draft's budgets nor in
 * what it let out of a purchase: those are counted from the oldest of them on.
 *
 * @param input.limit how many requests; 200 unless told
 * @throws RedressError `invalid_input`, `app_not_found`
 */
export async function dryRunPolicy(
  { database }: Pick<Dependencies, "database">,
  input: { slug: string; policy: unknown; limit?: number | undefined },
): Promise<DryRun> {
  const policy = parseInput(policySchema, input.policy);
  const { id: appId } = await readAppRow(database, input.slug);
  const past = await readPast({ database }, appId, input.limit ?? dryRunLimits.default);
  const letOut: PastRequest[] = [];
  const requests: DryRunRequest[] = [];
  const counts = { allow: 0, ask: 0, refuse: 0 };
  for (const [index, request] of past.entries()) {
    const draftVerdict = await judgePast({ database }, policy, request, {
      letOut,
      earlier: past.slice(0, index),
    });
    if (draftVerdict.kind === "allow") letOut.push(request);
    counts[draftVerdict.kind] += 1;
    const { id: refundId, requestedAt, amount, currency, status } = request.refund;
    const verdict = request.said?.verdict ?? null;
    requests.push({ refundId, requestedAt, amount, currency, status, verdict, draftVerdict });
  }
  const changed = requests.filter(({ verdict, draftVerdict }) => verdict !== draftVerdict.kind).length;
  return { requests, counts, changed };
}

async function readPast(
  { database }: Pick<Dependencies, "database">,
  appId: string,
  limit: number,
): Promise<PastRequest[]> {
  const rows = await database
    .select({ refund: refunds, purchase: purchases, said: refundVerdicts })
    .from(refunds)
    .innerJoin(purchases, eq(purchases.id, refunds.purchaseId))
    .leftJoin(
      refundVerdicts,
      and(eq(refundVerdicts.refundId, refunds.id), eq(refundVerdicts.occasion, "request")),
    )
    .where(and(eq(refunds.appId, appId), eq(refunds.origin, "redress"), isNull(refunds.replacesRefundId)))
    .orderBy(desc(refunds.requestedAt), desc(refunds.id))
    .limit(limit);
  return rows.toReversed();
}

const factsThen = z.object({ dispute: z.enum(disputeStates) });

async function judgePast(
  { database }: Pick<Dependencies, "database">,
  policy: Policy,
  request: PastRequest,
  { letOut, earlier }: { letOut: readonly PastRequest[]; earlier: readonly PastRequest[] },
): Promise<Verdict> {
  const { refund, purchase, said } = request;
  const counted = refund.requestedByKind === "agent" ? earlier.filter(isCounted(letOut)) : letOut;
  const ofPurchase = counted.filter((other) => other.refund.purchaseId === refund.purchaseId);
  const facts = await factsOf(database, {
    purchase,
    refund,
    policy,
    now: refund.requestedAt,
    // One without a verdict is older than all that have one.
    turn: said?.id ?? 0,
    letOutBefore: ofPurchase.reduce((sum, other) => sum + other.refund.amount, 0),
  });
  // The purchase shows today's dispute; what was seen then is in the verdict.
  const then = factsThen.safeParse(said?.facts);
  const verdict = judge(policy, then.success ? { ...facts, dispute: then.data.dispute } : facts);
  const scopes = scopesOf(policy, facts.requester);
  const spending = scopes.map((scope) => spendingOf(scope, request, letOut));
  return withinBudgets(verdict, policy, refund, spending);
}

/** With an agent's request everything of the purchase counts that is, or under the draft would be, returned. */
const isCounted = (letOut: readonly PastRequest[]) => (other: PastRequest) =>
  letOut.includes(other) || liveRefundStatuses.some((status) => status === other.refund.status);

function spendingOf(
  scope: Pick<Spending, "per" | "period">,
  request: PastRequest,
  letOut: readonly PastRequest[],
): Spending {
  const owner = ownerOf(scope.per, request);
  if (owner === null) return { ...scope, spent: null };
  const { from, until } = periodOf(scope.period, request.refund.requestedAt);
  const counted = letOut.filter(
    (other) =>
      ownerOf(scope.per, other) === owner &&
      other.refund.currency === request.refund.currency &&
      other.refund.requestedAt >= from &&
      other.refund.requestedAt < until,
  );
  return { ...scope, spent: counted.reduce((sum, { refund }) => sum + refund.amount, 0) };
}

function ownerOf(per: Spending["per"], { refund, purchase }: PastRequest): string | null {
  switch (per) {
    case "app":
      return refund.appId;
    case "agent":
      return refund.requestedByKind === "agent" ? refund.requestedById : null;
    case "customer":
      return purchase.customerEmail?.toLowerCase() ?? null;
  }
}
