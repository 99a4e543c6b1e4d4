import { type bulkRefundItems, bulkRefunds, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import { RedressError } from "../errors.ts";

export type BulkRow = typeof bulkRefunds.$inferSelect;
export type ItemRow = typeof bulkRefundItems.$inferSelect;

/**
 * Locks a list. It comes before every purchase and refund of it; with `share`, many lines go on at once while nobody
 * pauses or ends it.
 *
 * @throws RedressError `bulk_refund_not_found`
 */
export async function lockBulk(
  transaction: Transaction,
  bulkRefundId: string,
  strength: "update" | "share" = "update",
): Promise<BulkRow> {
  const [row] = await transaction
    .select()
    .from(bulkRefunds)
    .where(eq(bulkRefunds.id, bulkRefundId))
    .for(strength);
  if (!row) throw bulkNotFound(bulkRefundId);
  return row;
}

export function bulkNotFound(bulkRefundId: string): RedressError {
  return new RedressError(
    "bulk_refund_not_found",
    `There is no bulk refund ${bulkRefundId}. Check the id, or look for it in the list.`,
  );
}

/** For what cannot be done with a list in its present state. */
export function wrongState(list: BulkRow, next: string): RedressError {
  return new RedressError(
    "bulk_refund_state",
    `This bulk refund is ${list.status.replaceAll("_", " ")}. ${next}`,
    { details: { status: list.status } },
  );
}
