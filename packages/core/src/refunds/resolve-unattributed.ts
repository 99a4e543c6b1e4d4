import { refunds, type Transaction } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { isPermittedSelfApproval } from "../approvals/approve-refund.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { readDeciderGrants } from "../operators/decider-grants.ts";
import { requireApprover, requirePermission } from "../operators/permissions.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { changeRefund, updateProgress } from "./change-refund.ts";
import { getRefund } from "./get-refund.ts";
import { lockRefund, type RefundRow, refundNotFound } from "./refund-row.ts";
import type { RefundDetail } from "./refund-view.ts";

interface Resolution {
  readonly refundId: string;
  /** The refund at Stripe that the history of the stopped one names. */
  readonly stripeRefundId: string;
  /** Whether it is what became of our call. */
  readonly isOurs: boolean;
  readonly operatorId: string;
  readonly correlationId: string;
}

/**
 * A person has looked at the equal refund that stopped the retries. If it is ours, the row taken in for
 * it is the fact, and our own sends nothing ever again; if not, ours goes on.
 *
 * @throws RedressError `refund_not_found`, `permission_denied`; `own_request` when who asked for it says that
 *   it is not ours; `already_decided` when the refund does not wait for this
 */
export async function resolveUnattributed(
  dependencies: Dependencies,
  input: Resolution,
): Promise<RefundDetail> {
  await dependencies.database.transaction(async (transaction) => {
    const { refund } = await lockRefund(transaction, input.refundId);
    const grants = await readDeciderGrants({ database: transaction }, input.operatorId);
    requirePermission(grants, "refunds.decide", refund.appId);
    if (refund.status !== "executing" || !refund.outcomeUnknown || refund.nextAttemptAt !== null) {
      throw new RedressError(
        "already_decided",
        "This refund does not wait for anybody. Look at its history.",
        {
          details: { status: refund.status },
        },
      );
    }
    const suspectId = await findSuspect(transaction, refund, input.stripeRefundId);
    const step = { refund, suspectId, actor: { kind: "operator", id: input.operatorId } as const, ...input };
    if (input.isOurs) return supersede(dependencies, transaction, step);
    // To send once more is as much as to approve, and what took several people takes an admin.
    const { appId, approversNeeded } = refund;
    requireApprover(grants, { appId, approverRole: approversNeeded > 1 ? "admin" : refund.approverRole });
    await isPermittedSelfApproval(transaction, refund, input.operatorId);
    await goOn(dependencies, transaction, step);
  });
  dependencies.wakeOutbox();
  return getRefund(dependencies, { refundId: input.refundId });
}

interface Step extends Resolution {
  readonly refund: RefundRow;
  /** Our row of the refund that was looked at. */
  readonly suspectId: string;
  readonly actor: Actor;
}

async function findSuspect(
  transaction: Transaction,
  refund: RefundRow,
  stripeRefundId: string,
): Promise<string> {
  const [suspect] = await transaction
    .select({ id: refunds.id })
    .from(refunds)
    .where(
      and(
        eq(refunds.purchaseId, refund.purchaseId),
        eq(refunds.stripeRefundId, stripeRefundId),
        eq(refunds.origin, "stripe"),
        eq(refunds.amount, refund.amount),
      ),
    );
  if (!suspect) throw refundNotFound(stripeRefundId);
  return suspect.id;
}

async function supersede(dependencies: Dependencies, transaction: Transaction, step: Step): Promise<void> {
  await changeRefund(dependencies, transaction, {
    refund: step.refund,
    to: "superseded",
    set: { outcomeUnknown: false, leaseUntil: null },
    actor: step.actor,
    action: "refund_superseded",
    correlationId: step.correlationId,
    details: { settledAs: step.suspectId, stripeRefundId: step.stripeRefundId },
  });
}

async function goOn(dependencies: Dependencies, transaction: Transaction, step: Step): Promise<void> {
  const { refund, stripeRefundId } = step;
  await updateProgress(dependencies, transaction, refund, {
    dismissedStripeRefunds: [...refund.dismissedStripeRefunds, stripeRefundId],
    nextAttemptAt: dependencies.clock.now(),
  });
  await recordAudit(dependencies, transaction, {
    actor: step.actor,
    action: "refund_resumed",
    correlationId: step.correlationId,
    appId: refund.appId,
    purchaseId: refund.purchaseId,
    refundId: refund.id,
    details: { notOurs: stripeRefundId },
  });
  await enqueue(dependencies, transaction, {
    name: "refund/execution.due",
    factKey: `refund.execute:${refund.id}:not:${stripeRefundId}`,
    data: { refundId: refund.id },
  });
}
