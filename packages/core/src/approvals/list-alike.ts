import { purchases, type Queryable, refunds, refundVerdicts } from "@redress/database";
import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { RefundSummary } from "../refunds/refund-view.ts";
import { listAwaiting } from "./list-awaiting.ts";

/** Requests that were left to people by the same verdict. */
export interface AlikeGroup {
  readonly refunds: readonly RefundSummary[];
  /** The verdict's sentence, e.g. "Rule 3 asks an admin." */
  readonly explanation: string;
}

/**
 * Requests that wait for a person and have the same verdict: the same app and currency, judged by the same rule of
 * the same version of its policy, wanting the same approval. Only those are decided together; a request that needs
 * more than one person, or whose payment was disputed, is decided by itself.
 *
 * @param input.appIds of the newest hundred requests of these apps
 * @returns groups of two and more, the largest first
 */
export async function listAlike(
  dependencies: Pick<Dependencies, "database">,
  input: { appIds: readonly string[] | "all" },
): Promise<AlikeGroup[]> {
  const { refunds: awaiting } = await listAwaiting(dependencies, { ...input, limit: 100 });
  const single = awaiting.filter(({ approversNeeded }) => approversNeeded === 1);
  const verdicts = await latestVerdicts(
    dependencies.database,
    single.map(({ id }) => id),
  );
  const groups = new Map<string, { refunds: RefundSummary[]; explanation: string }>();
  for (const refund of single) {
    const verdict = verdicts.get(refund.id);
    if (verdict === undefined) continue;
    const { policyVersionId, rule, approverRole, explanation } = verdict;
    const key = [refund.app.id, refund.currency, policyVersionId, rule, approverRole].join();
    const group = groups.get(key) ?? { refunds: [], explanation };
    group.refunds.push(refund);
    groups.set(key, group);
  }
  return [...groups.values()]
    .filter((group) => group.refunds.length > 1)
    .sort((one, other) => other.refunds.length - one.refunds.length);
}

/** Of those whose payment was never disputed. */
async function latestVerdicts(database: Queryable, refundIds: readonly string[]) {
  if (refundIds.length === 0) return new Map<string, never>();
  const rows = await database
    .selectDistinctOn([refundVerdicts.refundId], {
      refundId: refundVerdicts.refundId,
      policyVersionId: refundVerdicts.policyVersionId,
      rule: refundVerdicts.rule,
      approverRole: refundVerdicts.approverRole,
      explanation: refundVerdicts.explanation,
    })
    .from(refundVerdicts)
    .innerJoin(refunds, eq(refunds.id, refundVerdicts.refundId))
    .innerJoin(purchases, eq(purchases.id, refunds.purchaseId))
    .where(
      and(
        inArray(refundVerdicts.refundId, [...refundIds]),
        eq(refundVerdicts.verdict, "ask"),
        isNull(purchases.disputeStatus),
      ),
    )
    .orderBy(refundVerdicts.refundId, desc(refundVerdicts.id));
  return new Map(rows.map(({ refundId, ...verdict }) => [refundId, verdict]));
}
