import { createHash } from "node:crypto";
import { bulkRefundItems, bulkRefunds, type Transaction } from "@redress/database";
import { and, asc, count, eq, sql } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import { decisionPeriodMs } from "../approvals/record-approval.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Demand } from "../policy/judge-refund.ts";
import { type BulkRow, lockBulk } from "./bulk-row.ts";
import { changeBulk } from "./change-bulk.ts";

/** The list needs whom its most demanding line needs. */
export async function raiseDemand(
  transaction: Transaction,
  bulkRefundId: string,
  { approverRole, approversNeeded }: Demand,
): Promise<void> {
  if (approverRole === "approver" && approversNeeded === 1) return;
  await transaction
    .update(bulkRefunds)
    .set({
      approversNeeded: sql`greatest(${bulkRefunds.approversNeeded}, ${approversNeeded})`,
      ...(approverRole === "admin" ? { approverRole } : {}),
    })
    .where(and(eq(bulkRefunds.id, bulkRefundId), eq(bulkRefunds.status, "preparing")));
}

/** Closes a list whose lines are all judged: from now on nothing of it can change, and people may decide it. */
export async function sealList(
  dependencies: Dependencies,
  { bulkRefundId, correlationId }: { bulkRefundId: string; correlationId: string },
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const list = await lockBulk(transaction, bulkRefundId);
    if (list.status !== "preparing") return;
    const line = eq(bulkRefundItems.bulkRefundId, bulkRefundId);
    const [open] = await transaction
      .select({ count: count() })
      .from(bulkRefundItems)
      .where(and(line, eq(bulkRefundItems.status, "listed")));
    if (open?.count !== 0) return;
    const ready = await transaction
      .select()
      .from(bulkRefundItems)
      .where(and(line, eq(bulkRefundItems.status, "ready")))
      .orderBy(asc(bulkRefundItems.position));
    const expiresAt = new Date(dependencies.clock.now().getTime() + decisionPeriodMs);
    await changeBulk(dependencies, transaction, {
      ...{ list, actor: systemActor("bulk"), action: "bulk_refund_sealed", correlationId },
      // Nothing to refund is nothing to decide.
      to: ready.length === 0 ? "finished" : "awaiting_approval",
      set: { listHash: hashOfList(list, ready), ...(ready.length === 0 ? {} : { expiresAt }) },
      details: { ready: ready.length, listHash: hashOfList(list, ready) },
    });
  });
  dependencies.wakeOutbox();
}

/** Stands for exactly what an approver is shown: the reason, and every purchase with its amount. */
function hashOfList(
  { id, reason }: BulkRow,
  ready: readonly { purchaseId: string | null; amount: number | null; currency: string | null }[],
): string {
  const hash = createHash("sha256").update(JSON.stringify([id, reason]));
  for (const { purchaseId, amount, currency } of ready) {
    hash.update(JSON.stringify([purchaseId, amount, currency]));
  }
  return hash.digest("base64url");
}
