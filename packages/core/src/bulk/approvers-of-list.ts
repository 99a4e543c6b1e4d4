import { bulkRefundEndorsements, type Transaction } from "@redress/database";
import { and, eq, ne } from "drizzle-orm";
import type { BulkRow } from "./bulk-row.ts";

/** Those who approved a list but for one person. */
export async function endorsersOfList(
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
export async function approversOfList(
  transaction: Transaction,
  { id, decidedBy }: Pick<BulkRow, "id" | "decidedBy">,
): Promise<string[]> {
  return decidedBy === null ? [] : [decidedBy, ...(await endorsersOfList(transaction, id, decidedBy))];
}
