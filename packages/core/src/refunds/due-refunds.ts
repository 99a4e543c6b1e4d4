import { refunds } from "@redress/database";
import { and, inArray, isNull, lte, or } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

/**
 * Refunds that `executeRefund` should take up now: approved, interrupted, waiting for another try, or
 * blocked and due to be judged again. What a message or an engine lost is found here.
 *
 * @returns ids, the longest waiting first
 */
export async function dueRefunds(
  dependencies: Pick<Dependencies, "database" | "clock">,
  input: { limit?: number } = {},
): Promise<string[]> {
  const now = dependencies.clock.now();
  const due = await dependencies.database
    .select({ id: refunds.id })
    .from(refunds)
    .where(
      and(
        lte(refunds.nextAttemptAt, now),
        inArray(refunds.status, ["approved", "executing", "blocked"]),
        or(isNull(refunds.leaseUntil), lte(refunds.leaseUntil, now)),
      ),
    )
    .orderBy(refunds.nextAttemptAt)
    .limit(input.limit ?? 100);
  return due.map(({ id }) => id);
}
