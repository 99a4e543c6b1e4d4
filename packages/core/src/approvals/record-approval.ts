import { approvals, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { hashPersonal } from "../audit/hash-personal.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { changeRefund } from "../refunds/change-refund.ts";
import type { PurchaseRow, RefundRow } from "../refunds/refund-row.ts";

/** A request that nobody decides lapses after this long. */
export const decisionPeriodMs = 14 * 24 * 60 * 60 * 1000;

/** Longer than a call to Stripe may take: whoever runs the refund itself is not overtaken by the workflow. */
const callerHeadStartMs = 20_000;

/** What a refund forgets when it is to run under another approval, and so under another key. */
export const withoutKey = {
  approvalId: null,
  approvedAt: null,
  idempotencyKey: null,
  stripeParameters: null,
  attemptCount: 0,
  firstAttemptAt: null,
} as const;

export interface Decision {
  readonly refund: RefundRow;
  readonly purchase: Pick<PurchaseRow, "personalSalt">;
  readonly decidedBy: Extract<Actor, { kind: "operator" | "policy" }>;
  readonly selfApproved?: boolean;
  readonly note?: string | undefined;
  /** As in `RefundRequest`. */
  readonly callerExecutes?: boolean | undefined;
  /** Whether the run of a list executes it; what that leaves behind, the sweep finds. */
  readonly ofList?: boolean | undefined;
  readonly correlationId: string;
  /** Where the decision was made, if not in the console or by REST. */
  readonly via?: "slack" | undefined;
}

/** Permits the refund: writes the approval, moves the row to `approved`, and queues its execution. */
export async function recordApproval(
  dependencies: Pick<Dependencies, "clock" | "random" | "secrets" | "mail">,
  transaction: Transaction,
  decision: Decision,
): Promise<RefundRow> {
  const now = dependencies.clock.now();
  const approvalId = await insertDecision(dependencies, transaction, decision, "approved");
  const row = await changeRefund(dependencies, transaction, {
    refund: decision.refund,
    to: "approved",
    set: { ...withoutKey, approvalId, approvedAt: now, expiresAt: null, nextAttemptAt: now },
    actor: decision.decidedBy,
    action: "refund_approved",
    correlationId: decision.correlationId,
    details: {
      approvalId,
      ...(decision.selfApproved ? { selfApproved: true } : {}),
      ...decisionDetails(decision),
    },
  });
  if (decision.ofList) return row;
  await enqueue(dependencies, transaction, {
    name: "refund/execution.due",
    factKey: `refund.execute:${row.id}:${approvalId}`,
    data: { refundId: row.id },
    sendAt: decision.callerExecutes ? new Date(now.getTime() + callerHeadStartMs) : now,
  });
  return row;
}

/** Refuses the request: nothing is sent, and what it reserved is free again. */
export async function recordRejection(
  dependencies: Pick<Dependencies, "clock" | "random" | "secrets" | "mail">,
  transaction: Transaction,
  decision: Decision,
): Promise<RefundRow> {
  const approvalId = await insertDecision(dependencies, transaction, decision, "rejected");
  return changeRefund(dependencies, transaction, {
    refund: decision.refund,
    to: "rejected",
    set: { approvalId, expiresAt: null },
    actor: decision.decidedBy,
    action: "refund_rejected",
    correlationId: decision.correlationId,
    details: { approvalId, ...decisionDetails(decision) },
  });
}

/** Takes an approval out of force. A decision is never deleted. */
export async function revokeApproval(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  refund: RefundRow,
): Promise<void> {
  if (refund.approvalId === null) return;
  await transaction
    .update(approvals)
    .set({ revokedAt: dependencies.clock.now() })
    .where(eq(approvals.id, refund.approvalId));
}

async function insertDecision(
  dependencies: Pick<Dependencies, "clock" | "random" | "secrets" | "mail">,
  transaction: Transaction,
  { refund, decidedBy, ...decision }: Decision,
  outcome: "approved" | "rejected",
): Promise<string> {
  const id = newId(dependencies.random, "approval");
  await transaction.insert(approvals).values({
    id,
    refundId: refund.id,
    purchaseId: refund.purchaseId,
    amount: refund.amount,
    currency: refund.currency,
    requestedByOwner: refund.requestedByOwner,
    decision: outcome,
    decidedByKind: decidedBy.kind,
    decidedById: decidedBy.id,
    selfApproved: decision.selfApproved ?? false,
    note: decision.note ?? null,
    decidedAt: dependencies.clock.now(),
    appId: refund.appId,
    askedAt: decidedBy.kind === "operator" ? refund.awaitingSince : null,
  });
  return id;
}

function decisionDetails(decision: Decision): Record<string, unknown> {
  return {
    ...(decision.note === undefined
      ? {}
      : { noteHash: hashPersonal(decision.purchase.personalSalt, decision.note) }),
    ...(decision.via === undefined ? {} : { via: decision.via }),
  };
}
