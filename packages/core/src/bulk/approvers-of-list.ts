import { bulkRefundEndorsements, bulkRefunds, type Transaction } from "@redress/database";
import { and, eq, ne } from "drizzle-orm";

/** Those who approved a list but for one person. */
export async function endorsersOf(
  transaction: Transaction,
  bulkRefundId: string,
  but: string,
): Promise<string[]> {
  const rows = await transaction
    .select({ operatorId: bulkRefundEndorsements.operatorId })
    .from(bulkRefundEndorsements)
    .where(
      and(eq(bulkRefundEndorsements.bulkRefundId, bulkRefundId), ne(bulkRefundEndorsements.operatorId, but)),
    );
  return rows.map(({ operatorId }) => operatorId);
}

/** Everybody whose approval a list rests on. */
export async function approversOfList(transaction: Transaction, bulkRefundId: string): Promise<string[]> {
  const [list] = await transaction
    .select({ decidedBy: bulkRefunds.decidedBy })
    .from(bulkRefunds)
    .where(eq(bulkRefunds.id, bulkRefundId));
  const decidedBy = list?.decidedBy;
  if (!decidedBy) return [];
  return [decidedBy, ...(await endorsersOf(transaction, bulkRefundId, decidedBy))];
}
