import { approvalEndorsements, operators, type Transaction } from "@redress/database";
import { inArray } from "drizzle-orm";
import { standingEndorsements } from "../approvals/standing-endorsements.ts";
import { endorsersOfList } from "../bulk/approvers-of-list.ts";
import { readGrants } from "../operators/grants.ts";
import { mayApprove } from "../operators/permissions.ts";
import type { ApprovalRow, RefundRow } from "./refund-row.ts";

const notAnyMore = "Somebody who approved it may not approve it any more.";

/**
 * Why what people approved is asked of people anew before its first call: one of them may not approve it any more. They
 * are locked until the commit, so that nothing is begun by the word of somebody whose end is committed.
 *
 * @returns a sentence for who decides next; null: all of them still may
 */
export async function fallenApprover(
  transaction: Transaction,
  refund: RefundRow,
  { decidedById }: ApprovalRow,
): Promise<string | null> {
  // Until it is asked by itself, a line of a list rests on those who approved the list.
  const { bulkRefundId, asking } = refund;
  const others =
    bulkRefundId !== null && asking === 0
      ? await endorsersOfList(transaction, bulkRefundId, decidedById)
      : await endorsersOf(transaction, refund);
  return (await anyFallen(transaction, [decidedById, ...others], refund)) ? notAnyMore : null;
}

/** Whether one of these people may not approve it, or not any more. They are locked until the commit. */
export async function anyFallen(
  transaction: Transaction,
  approvers: readonly string[],
  of: Pick<RefundRow, "appId" | "approverRole">,
): Promise<boolean> {
  const people = [...new Set(approvers)].sort();
  const known = await transaction
    .select({ id: operators.id })
    .from(operators)
    .where(inArray(operators.id, people))
    .orderBy(operators.id)
    .for("share");
  for (const { id } of known) {
    if (!mayApprove(await readGrants({ database: transaction }, id), of)) return true;
  }
  return known.length < people.length;
}

async function endorsersOf(transaction: Transaction, refund: RefundRow): Promise<string[]> {
  const rows = await transaction
    .select({ operatorId: approvalEndorsements.operatorId })
    .from(approvalEndorsements)
    .where(standingEndorsements(refund));
  return rows.map(({ operatorId }) => operatorId);
}
