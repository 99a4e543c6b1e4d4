import { refunds } from "@redress/database";
import { and, eq, or } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { noteDispute } from "./note-dispute.ts";
import { readDispute } from "./read-dispute.ts";
import { lockPurchase, type RefundRow } from "./refund-row.ts";
import { resumeOne } from "./resume-one.ts";

/**
 * Judges blocked refunds again, after the app was connected again or a dispute was closed. What Stripe
 * has answered with an error that it keeps under the key needs a new approval, and so a new key; anything
 * else goes on under its own. A lost dispute ends the refund.
 *
 * @returns how many left `blocked`
 */
export async function resumeBlocked(
  dependencies: Dependencies,
  input: { appId?: string; purchaseId?: string; correlationId: string },
): Promise<number> {
  const { appId, purchaseId, correlationId } = input;
  if (appId === undefined && purchaseId === undefined) {
    throw new Error("resumeBlocked needs an app or a purchase");
  }
  const waiting = await dependencies.database
    .select({ id: refunds.id })
    .from(refunds)
    .where(
      and(
        appId === undefined ? undefined : eq(refunds.appId, appId),
        purchaseId === undefined ? undefined : eq(refunds.purchaseId, purchaseId),
        or(eq(refunds.status, "blocked"), and(eq(refunds.status, "executing"), refunds.outcomeUnknown)),
      ),
    );
  let count = 0;
  for (const { id } of waiting) if (await resumeOne(dependencies, id, correlationId)) count += 1;
  dependencies.wakeOutbox();
  return count;
}

/** Judges a blocked refund again when its time has come, should the news that frees it have been lost. */
export async function resumeIfDue(
  dependencies: Dependencies,
  input: { refundId: string; correlationId: string },
): Promise<void> {
  const { refundId, correlationId } = input;
  const [due] = await dependencies.database
    .select()
    .from(refunds)
    .where(and(eq(refunds.id, refundId), eq(refunds.status, "blocked")));
  if (!due?.nextAttemptAt || due.nextAttemptAt > dependencies.clock.now()) return;
  if (due.blockedCode === "dispute_open") await refreshDispute(dependencies, due, correlationId);
  await resumeOne(dependencies, refundId, correlationId);
}

async function refreshDispute(
  dependencies: Dependencies,
  refund: RefundRow,
  correlationId: string,
): Promise<void> {
  const dispute = await readDispute(dependencies, refund);
  if (dispute === "unknown") return;
  await dependencies.database.transaction(async (transaction) => {
    const purchase = await lockPurchase(transaction, refund.purchaseId);
    await noteDispute(dependencies, transaction, { purchase, dispute, correlationId });
  });
}
