import { approvalEndorsements, type Queryable, refunds } from "@redress/database";
import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import { actorNames, actorView } from "../refunds/refund-summaries.ts";
import type { EndorsementView } from "../refunds/refund-view.ts";

/** Who has endorsed each of these refunds in its present asking, oldest first; those without any are missing. */
export async function readEndorsements(
  database: Queryable,
  refundIds: readonly string[],
): Promise<ReadonlyMap<string, readonly EndorsementView[]>> {
  if (refundIds.length === 0) return new Map();
  const rows = await database
    .select({
      refundId: approvalEndorsements.refundId,
      operatorId: approvalEndorsements.operatorId,
      at: approvalEndorsements.endorsedAt,
      note: approvalEndorsements.note,
    })
    .from(approvalEndorsements)
    .innerJoin(
      refunds,
      and(eq(refunds.id, approvalEndorsements.refundId), eq(refunds.asking, approvalEndorsements.asking)),
    )
    .where(
      and(inArray(approvalEndorsements.refundId, [...refundIds]), isNull(approvalEndorsements.takenBackAt)),
    )
    .orderBy(asc(approvalEndorsements.endorsedAt), asc(approvalEndorsements.id));
  const names = await actorNames(
    database,
    rows.map(({ operatorId }) => operatorId),
  );
  const views = new Map<string, EndorsementView[]>();
  for (const { refundId, operatorId, at, note } of rows) {
    const view = { by: actorView(names, "operator", operatorId), at, note };
    views.set(refundId, [...(views.get(refundId) ?? []), view]);
  }
  return views;
}
