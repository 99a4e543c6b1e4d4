import { approvalRules, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Money } from "../money.ts";

/** Replaces an app's rules: requests up to each amount need no person. */
export async function replaceApprovalRules(
  transaction: Transaction,
  input: { appId: string; rules: readonly Money[]; at: Date; by: string },
): Promise<void> {
  const { appId, rules, at, by } = input;
  await transaction.delete(approvalRules).where(eq(approvalRules.appId, appId));
  if (rules.length === 0) return;
  await transaction.insert(approvalRules).values(
    rules.map(({ amount, currency }) => ({
      appId,
      currency,
      maximumAmount: amount,
      createdAt: at,
      createdBy: by,
    })),
  );
}
