import { type RefundStatus, refunds, type Transaction } from "@redress/database";
import { and, eq, isNull } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { tellOfChange } from "../approvals/tell-of-change.ts";
import type { AuditAction } from "../audit/actions.ts";
import { recordAudit } from "../audit/record.ts";
import { tellCustomer } from "../customer-mail/tell-customer.ts";
import type { Dependencies } from "../dependencies.ts";
import { tellAgent } from "../keys/tell-agent.ts";
import type { RefundRow, RefundValues } from "./refund-row.ts";
import { canTransition } from "./transitions.ts";

export interface RefundChange {
  /** The row as it was read under its lock. */
  readonly refund: RefundRow;
  readonly to: RefundStatus;
  readonly set?: RefundValues;
  readonly actor: Actor;
  readonly action: AuditAction;
  readonly correlationId: string;
  /** Facts of the change for the audit log; never personal data in clear. */
  readonly details?: Record<string, unknown>;
}

/**
 * Moves a refund from one status to another: the only function that does. It writes the row and its one
 * audit entry in the caller's transaction, which also holds the messages that the change causes.
 *
 * @returns the row as it is now
 * @throws Error when the life of a refund has no such step, or when the row is no longer as it was read
 */
export async function changeRefund(
  dependencies: Pick<Dependencies, "clock" | "random" | "secrets" | "mail">,
  transaction: Transaction,
  change: RefundChange,
): Promise<RefundRow> {
  const { refund, to } = change;
  if (!canTransition(refund.status, to)) {
    throw new Error(`refund ${refund.id} cannot go from ${refund.status} to ${to}`);
  }
  const row = await updateProgress(dependencies, transaction, refund, {
    // The reason of a state leaves with it.
    ...(refund.status === "blocked" ? { blockedCode: null } : {}),
    ...change.set,
    status: to,
  });
  await recordAudit(dependencies, transaction, {
    actor: change.actor,
    action: change.action,
    correlationId: change.correlationId,
    appId: refund.appId,
    purchaseId: refund.purchaseId,
    refundId: refund.id,
    before: { status: refund.status },
    after: { status: to },
    details: change.details ?? {},
  });
  await tellOfChange(dependencies, transaction, { refund, to });
  await tellAgent(dependencies, transaction, { refund, to });
  await tellCustomer(dependencies, transaction, { refund: row, correlationId: change.correlationId });
  return row;
}

/**
 * Writes what is not a change of status (leases, attempts, the next try) by the same compare-and-set.
 *
 * @throws Error when the row is no longer as it was read
 */
export async function updateProgress(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  refund: RefundRow,
  set: RefundValues,
): Promise<RefundRow> {
  const [row] = await transaction
    .update(refunds)
    .set({ ...set, updatedAt: dependencies.clock.now() })
    .where(
      and(
        eq(refunds.id, refund.id),
        eq(refunds.status, refund.status),
        refund.leaseUntil === null ? isNull(refunds.leaseUntil) : eq(refunds.leaseUntil, refund.leaseUntil),
      ),
    )
    .returning();
  if (!row) throw new Error(`refund ${refund.id} changed while it was being changed`);
  return row;
}
