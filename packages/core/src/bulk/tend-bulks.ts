import { bulkRefunds } from "@redress/database";
import { and, eq, inArray, lte } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { lockBulk } from "./bulk-row.ts";
import { changeBulk } from "./change-bulk.ts";

/** Longer than a shift, and than the lease of a refund that died in it. */
const overdueMs = 60_000;
const requeueEveryMs = 600_000;
const batchSize = 100;

/** Lets lists lapse that nobody decided in time. */
export async function expireBulks(
  dependencies: Dependencies,
  { correlationId }: { correlationId: string },
): Promise<void> {
  const { database, clock } = dependencies;
  const lapsed = await database
    .select({ id: bulkRefunds.id })
    .from(bulkRefunds)
    .where(and(eq(bulkRefunds.status, "awaiting_approval"), lte(bulkRefunds.expiresAt, clock.now())))
    .limit(batchSize);
  for (const { id } of lapsed) {
    await database.transaction(async (transaction) => {
      const list = await lockBulk(transaction, id);
      if (list.status !== "awaiting_approval" || list.expiresAt === null || list.expiresAt > clock.now())
        return;
      await changeBulk(dependencies, transaction, {
        ...{ list, to: "expired", actor: systemActor("sweep"), action: "bulk_refund_expired", correlationId },
      });
    });
  }
}

/** Lists that stand still although there is something to do: their message was lost, or all its tries were in vain. */
export async function requeueBulks(dependencies: Dependencies): Promise<void> {
  const { database, clock } = dependencies;
  const now = clock.now().getTime();
  const overdue = await database
    .select({ id: bulkRefunds.id, status: bulkRefunds.status })
    .from(bulkRefunds)
    .where(
      and(
        inArray(bulkRefunds.status, ["preparing", "running"]),
        lte(bulkRefunds.workedAt, new Date(now - overdueMs)),
      ),
    )
    .limit(batchSize);
  if (overdue.length === 0) return;
  await database.transaction(async (transaction) => {
    for (const { id: bulkRefundId, status } of overdue) {
      const name = status === "preparing" ? "bulk/preparation.due" : "bulk/execution.due";
      const factKey = `${name}:${bulkRefundId}:sweep:${Math.floor(now / requeueEveryMs)}`;
      await enqueue(dependencies, transaction, { name, factKey, data: { bulkRefundId } });
    }
  });
}
