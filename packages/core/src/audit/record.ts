import { auditLogs, type Transaction } from "@redress/database";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import type { AuditAction } from "./actions.ts";

export interface AuditEntry {
  readonly actor: Actor;
  readonly action: AuditAction;
  readonly correlationId: string;
  readonly appId?: string | null;
  readonly purchaseId?: string | null;
  readonly refundId?: string | null;
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
  /** Facts of the action. Never personal data in clear: `hashPersonal` it. */
  readonly details?: Record<string, unknown>;
}

/**
 * Writes one entry in the caller's transaction, so that no change is without its entry, and no entry without its
 * change. Hand on the `dependencies` that the request was bound to: its address comes with them.
 */
export async function recordAudit(
  dependencies: Pick<Dependencies, "clock" | "origin">,
  transaction: Transaction,
  entry: AuditEntry,
): Promise<void> {
  await transaction.insert(auditLogs).values({
    at: dependencies.clock.now(),
    actorKind: entry.actor.kind,
    actorId: entry.actor.id,
    action: entry.action,
    appId: entry.appId ?? null,
    purchaseId: entry.purchaseId ?? null,
    refundId: entry.refundId ?? null,
    correlationId: entry.correlationId,
    before: entry.before ?? null,
    after: entry.after ?? null,
    details: entry.details ?? {},
    addressHash: dependencies.origin?.addressHash ?? null,
  });
}
