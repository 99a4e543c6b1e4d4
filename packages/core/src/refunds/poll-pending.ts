import { refunds } from "@redress/database";
import { and, inArray, lte } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { takeShare } from "../stripe/request-share.ts";
import { refreshRefund } from "./refresh-refund.ts";

/**
 * Asks Stripe about refunds that are not finished there, so that a lost webhook is no lost outcome.
 *
 * @param input.limit at most this many in one sweep; 50 unless told
 * @returns how many had news
 */
export async function pollPending(
  dependencies: Dependencies,
  input: { limit?: number; correlationId: string },
): Promise<number> {
  const due = await dependencies.database
    .select({ id: refunds.id })
    .from(refunds)
    .where(
      and(
        inArray(refunds.status, ["pending", "requires_action"]),
        lte(refunds.nextAttemptAt, dependencies.clock.now()),
      ),
    )
    .orderBy(refunds.nextAttemptAt)
    .limit(input.limit ?? 50);
  let changed = 0;
  for (const { id } of due) {
    // What is left waits for the next sweep.
    if ((await takeShare(dependencies, "reconciliation")) > 0) break;
    const { correlationId } = input;
    const answer = await refreshRefund(dependencies, {
      refundId: id,
      source: "reconciliation",
      correlationId,
    });
    if (answer.changed) changed += 1;
  }
  return changed;
}
