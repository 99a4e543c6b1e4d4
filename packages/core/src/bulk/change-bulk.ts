import { bulkRefunds, type Transaction } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import type { AuditAction } from "../audit/actions.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import type { BulkRow } from "./bulk-row.ts";
import { tellOfList } from "./tell-of-list.ts";

/**
 * Moves a list from one status to another, with its entry in the log and word to its approvers: the only function that does. Which steps there
 * are is said by the database (`bulk_transition_allowed`).
 */
export async function changeBulk(
  dependencies: Pick<Dependencies, "clock" | "origin" | "random">,
  transaction: Transaction,
  change: {
    list: BulkRow;
    to: BulkRow["status"];
    set?: Partial<BulkRow>;
    actor: Actor;
    action: AuditAction;
    correlationId: string;
    details?: Record<string, unknown>;
  },
): Promise<BulkRow> {
  const { list, to } = change;
  const now = dependencies.clock.now();
  const isEnd = ["finished", "canceled", "rejected", "withdrawn", "expired"].includes(to);
  const [row] = await transaction
    .update(bulkRefunds)
    .set({
      ...{ pausedCode: null, workedAt: now, ...(isEnd ? { finishedAt: now } : {}) },
      ...change.set,
      status: to,
    })
    .where(and(eq(bulkRefunds.id, list.id), eq(bulkRefunds.status, list.status)))
    .returning();
  if (!row) throw new Error(`bulk refund ${list.id} changed while it was being changed`);
  await recordAudit(dependencies, transaction, {
    ...{ actor: change.actor, action: change.action, correlationId: change.correlationId },
    appId: list.appId,
    before: { status: list.status },
    after: { status: to },
    details: { bulkRefundId: list.id, ...change.details },
  });
  await tellOfList(dependencies, transaction, { list, to });
  return row;
}
