import { apiKeys, operators, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { RefundRow } from "./refund-row.ts";

/**
 * Why what the policy let out for this requester is looked at by a person after all: the key that asked was revoked,
 * or the person who asked, or answers for the key, was deactivated. Both are locked until the commit, so that nothing
 * is begun for them once their end is committed.
 *
 * @returns a sentence for who decides; null: nothing is against them
 */
export async function fallenRequester(
  transaction: Transaction,
  { requestedByKind, requestedById, requestedByOwner }: RefundRow,
): Promise<string | null> {
  if (requestedByKind === "agent" && requestedById !== null) {
    const [key] = await transaction
      .select({ revokedAt: apiKeys.revokedAt })
      .from(apiKeys)
      .where(eq(apiKeys.id, requestedById))
      .for("share");
    if (key?.revokedAt) return "The key that asked for it was revoked.";
  }
  if (requestedByOwner === null) return null;
  const [owner] = await transaction
    .select({ deactivatedAt: operators.deactivatedAt })
    .from(operators)
    .where(eq(operators.id, requestedByOwner))
    .for("share");
  return owner?.deactivatedAt ? "Who asked for it, or answers for it, was deactivated." : null;
}
