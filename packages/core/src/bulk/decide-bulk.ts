import { bulkRefundEndorsements, type Transaction } from "@redress/database";
import { isPermittedSelfApproval } from "../approvals/approve-refund.ts";
import { rejectionNote } from "../approvals/reject-refund.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { readDeciderGrants } from "../operators/decider-grants.ts";
import { mayApprove, requireApprover, requirePermission } from "../operators/permissions.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { parseInput } from "../parse-input.ts";
import { endorsersOfList } from "./approvers-of-list.ts";
import { type BulkRow, lockBulk, wrongState } from "./bulk-row.ts";
import { changeBulk } from "./change-bulk.ts";

export interface BulkDecision {
  readonly bulkRefundId: string;
  readonly operatorId: string;
  /** `listHash` of the list that the decider saw; another one is not decided by it. */
  readonly listHash: string;
  readonly note?: string | undefined;
  readonly correlationId: string;
}

/**
 * Approves exactly the list that was shown. It runs right after. Where more than one person is needed, those before
 * the last only endorse it.
 *
 * @throws RedressError `bulk_refund_not_found`, `permission_denied`, `own_request`, `list_changed`, `bulk_refund_state`
 */
export async function approveBulk(dependencies: Dependencies, input: BulkDecision): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const list = await openDecision(transaction, input);
    const isMade =
      list.decidedBy === input.operatorId && ["running", "paused", "finished"].includes(list.status);
    if (isMade) return;
    requireAwaiting(dependencies, list);
    requireApprover(await readDeciderGrants({ database: transaction }, input.operatorId), list);
    const selfApproved = await isPermittedSelfApproval(transaction, list, input.operatorId);
    if (await needsMore(dependencies, transaction, list, { ...input, selfApproved })) return;
    const now = dependencies.clock.now();
    await changeBulk(dependencies, transaction, {
      ...{ list, to: "running" },
      set: {
        ...{ decidedBy: input.operatorId, decidedAt: now, decisionNote: input.note ?? null, selfApproved },
        expiresAt: null,
      },
      actor: { kind: "operator", id: input.operatorId },
      action: "bulk_refund_approved",
      correlationId: input.correlationId,
      details: { listHash: list.listHash, ...(selfApproved ? { selfApproved } : {}) },
    });
    await queueRun(dependencies, transaction, list.id, input.correlationId);
  });
  dependencies.wakeOutbox();
}

/**
 * Rejects the whole list: nothing of it is ever asked for.
 *
 * @throws RedressError as `approveBulk`, and `invalid_input` without a reason
 */
export async function rejectBulk(
  dependencies: Dependencies,
  input: BulkDecision & { note: string },
): Promise<void> {
  const note = parseInput(rejectionNote, input.note);
  await dependencies.database.transaction(async (transaction) => {
    const list = await openDecision(transaction, input);
    if (list.status === "rejected" && list.decidedBy === input.operatorId) return;
    requireAwaiting(dependencies, list);
    await changeBulk(dependencies, transaction, {
      ...{ list, to: "rejected" },
      set: {
        decidedBy: input.operatorId,
        decidedAt: dependencies.clock.now(),
        decisionNote: note,
        expiresAt: null,
      },
      actor: { kind: "operator", id: input.operatorId },
      action: "bulk_refund_rejected",
      correlationId: input.correlationId,
    });
  });
}

/** Queues the run of a list. The same fact is queued once. */
export async function queueRun(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  bulkRefundId: string,
  occasion: string,
): Promise<void> {
  await enqueue(dependencies, transaction, {
    name: "bulk/execution.due",
    factKey: `bulk.run:${bulkRefundId}:${occasion}`,
    data: { bulkRefundId },
  });
}

async function openDecision(transaction: Transaction, input: BulkDecision): Promise<BulkRow> {
  const list = await lockBulk(transaction, input.bulkRefundId);
  const grants = await readDeciderGrants({ database: transaction }, input.operatorId);
  requirePermission(grants, "refunds.decide", list.appId);
  if (list.listHash !== null && list.listHash !== input.listHash) {
    throw new RedressError(
      "list_changed",
      "This list is not the one that you were shown. Open it again and decide what you see there.",
    );
  }
  return list;
}

function requireAwaiting({ clock }: Pick<Dependencies, "clock">, list: BulkRow): void {
  const isLapsed = list.expiresAt !== null && list.expiresAt <= clock.now();
  if (list.status === "awaiting_approval" && !isLapsed) return;
  throw wrongState(
    isLapsed ? { ...list, status: "expired" } : list,
    list.status === "preparing"
      ? "Its lines are still being judged: decide when they are."
      : "There is nothing to decide.",
  );
}

/** Whether this person's approval is not enough; it is kept as an endorsement then. */
async function needsMore(
  dependencies: Dependencies,
  transaction: Transaction,
  list: BulkRow,
  { operatorId, selfApproved, correlationId }: BulkDecision & { selfApproved: boolean },
): Promise<boolean> {
  if (list.approversNeeded === 1) return false;
  if (selfApproved) {
    throw new RedressError(
      "own_request",
      `You, or an agent whose key is yours, asked for this. It takes ${list.approversNeeded} other people to approve it.`,
    );
  }
  const others = await countOthers(transaction, list, operatorId);
  if (others + 1 >= list.approversNeeded) return false;
  const { id: bulkRefundId, requestedByOwner } = list;
  const endorsement = { bulkRefundId, requestedByOwner, operatorId, endorsedAt: dependencies.clock.now() };
  const written = await transaction
    .insert(bulkRefundEndorsements)
    .values(endorsement)
    .onConflictDoNothing()
    .returning();
  if (written.length === 0) return true;
  await recordAudit(dependencies, transaction, {
    actor: { kind: "operator", id: operatorId },
    ...{ action: "bulk_refund_endorsed", correlationId, appId: list.appId },
    details: { bulkRefundId, listHash: list.listHash, stillNeeded: list.approversNeeded - others - 1 },
  });
  return true;
}

async function countOthers(transaction: Transaction, list: BulkRow, operatorId: string): Promise<number> {
  const others = await endorsersOfList(transaction, list.id, operatorId);
  let counted = 0;
  for (const other of others) {
    if (mayApprove(await readDeciderGrants({ database: transaction }, other), list)) counted += 1;
  }
  return counted;
}
