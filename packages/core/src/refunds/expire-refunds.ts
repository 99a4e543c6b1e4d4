import { refunds } from "@redress/database";
import { and, eq, lte } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { changeRefund } from "./change-refund.ts";
import { lockRefund } from "./refund-row.ts";

/**
 * Lets requests lapse that nobody decided in time, oldest first.
 *
 * @param input.limit at most this many in one sweep; 100 unless told
 * @returns how many lapsed
 */
export async function expireRefunds(
  dependencies: Dependencies,
  input: { limit?: number; correlationId: string },
): Promise<number> {
  const now = dependencies.clock.now();
  const lapsed = await dependencies.database
    .select({ id: refunds.id })
    .from(refunds)
    .where(and(eq(refunds.status, "awaiting_approval"), lte(refunds.expiresAt, now)))
    .orderBy(refunds.expiresAt)
    .limit(input.limit ?? 100);
  let count = 0;
  for (const { id } of lapsed) {
    await dependencies.database.transaction(async (transaction) => {
      const { refund } = await lockRefund(transaction, id);
      if (refund.status !== "awaiting_approval") return;
      await changeRefund(dependencies, transaction, {
        refund,
        to: "expired",
        actor: systemActor("expire_refunds"),
        action: "refund_expired",
        correlationId: input.correlationId,
      });
      count += 1;
    });
  }
  return count;
}
