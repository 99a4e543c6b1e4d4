import type { Transaction } from "@redress/database";
import { systemActor } from "../actor.ts";
import { awaitApprovalAnew } from "../approvals/await-approval-anew.ts";
import { recordApproval, revokeApproval } from "../approvals/record-approval.ts";
import type { Dependencies } from "../dependencies.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { demandOf, judgeRefund } from "../policy/judge-refund.ts";
import { nextJudgement } from "./block-refund.ts";
import { blockageOf } from "./blockage.ts";
import { changeRefund, updateProgress } from "./change-refund.ts";
import {
  approvalInForce,
  attemptsOfKey,
  lockRefund,
  type PurchaseRow,
  type RefundRow,
  readApp,
} from "./refund-row.ts";

const resumer = systemActor("resume_refunds");

interface Resumption {
  readonly purchase: PurchaseRow;
  readonly refund: RefundRow;
  readonly correlationId: string;
}

/**
 * Judges one refund again, in a transaction of its own.
 *
 * @returns whether it left `blocked`
 */
export async function resumeOne(
  dependencies: Dependencies,
  refundId: string,
  correlationId: string,
): Promise<boolean> {
  return dependencies.database.transaction(async (transaction) => {
    const { purchase, refund } = await lockRefund(transaction, refundId);
    const step = { purchase, refund, correlationId };
    const blockage = blockageOf(purchase, await readApp(transaction, refund.appId));
    if (refund.status === "executing") {
      // Its outcome could not be asked for while the account was out of reach.
      const isWaiting = refund.outcomeUnknown && refund.nextAttemptAt !== null && refund.leaseUntil === null;
      if (isWaiting && blockage !== "account_disconnected" && blockage !== "account_changed") {
        await updateProgress(dependencies, transaction, refund, { nextAttemptAt: dependencies.clock.now() });
      }
      return false;
    }
    if (refund.status !== "blocked") return false;
    if (refund.blockedCode === "dispute_open" && purchase.disputeStatus === "lost") {
      await refuseLost(dependencies, transaction, step);
      return true;
    }
    if (blockage !== null) {
      await updateProgress(dependencies, transaction, refund, {
        blockedCode: blockage,
        nextAttemptAt: nextJudgement(dependencies),
      });
      return false;
    }
    await resume(dependencies, transaction, step);
    return true;
  });
}

async function refuseLost(
  dependencies: Dependencies,
  transaction: Transaction,
  { refund, correlationId }: Resumption,
): Promise<void> {
  await changeRefund(dependencies, transaction, {
    refund,
    to: "refused",
    set: {
      refusedCode: "dispute_lost",
      refusedMessage: "The dispute was lost: the customer's bank has returned the money already.",
      nextAttemptAt: null,
      settledAt: dependencies.clock.now(),
    },
    actor: resumer,
    action: "refund_refused",
    correlationId,
    details: { refusedCode: "dispute_lost" },
  });
}

/** A person's approval stands while its key is good; without one, and for what policy let out, policy judges today. */
async function resume(dependencies: Dependencies, transaction: Transaction, step: Resumption): Promise<void> {
  const { refund, purchase, correlationId } = step;
  const approval = await approvalInForce(transaction, refund);
  const mayKeep = approval !== undefined && (await isKeyGood(transaction, refund));
  if (mayKeep && approval.decidedByKind === "operator") {
    return resumeSameKey(dependencies, transaction, step);
  }
  const { verdict, actor: decidedBy } = await judgeRefund(dependencies, transaction, {
    purchase,
    refund,
    occasion: "resumption",
    // A new approval counts in the budgets of today.
    decidedAt: mayKeep ? approval.decidedAt : undefined,
  });
  if (verdict.kind !== "allow") {
    const why = { blockedCode: refund.blockedCode };
    const asking = { refund, demand: demandOf(verdict), actor: resumer, correlationId, why };
    return awaitApprovalAnew(dependencies, transaction, asking);
  }
  if (mayKeep) return resumeSameKey(dependencies, transaction, step);
  await revokeApproval(dependencies, transaction, refund);
  await recordApproval(dependencies, transaction, { refund, purchase, decidedBy, correlationId });
}

/** Whether what Stripe keeps under the key is nothing that it would only repeat. */
async function isKeyGood(transaction: Transaction, refund: RefundRow): Promise<boolean> {
  const attempts = await attemptsOfKey(transaction, refund);
  return !attempts.some(
    ({ kind, outcome, replayed }) =>
      kind === "create" &&
      (outcome === "disputed" || outcome === "refused" || (outcome === "no_access" && replayed)),
  );
}

async function resumeSameKey(
  dependencies: Dependencies,
  transaction: Transaction,
  { refund, correlationId }: Resumption,
): Promise<void> {
  const now = dependencies.clock.now();
  const row = await changeRefund(dependencies, transaction, {
    refund,
    to: "approved",
    set: { nextAttemptAt: now },
    actor: resumer,
    action: "refund_resumed",
    correlationId,
    details: { blockedCode: refund.blockedCode },
  });
  await enqueue(dependencies, transaction, {
    name: "refund/execution.due",
    factKey: `refund.execute:${row.id}:${row.approvalId}:resumed:${now.getTime()}`,
    data: { refundId: row.id },
  });
}
