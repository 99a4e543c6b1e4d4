import { refunds, type Transaction } from "@redress/database";
import { and, eq, or } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import { policyPermits } from "../approvals/policy.ts";
import {
  decisionPeriodMs,
  policyActor,
  recordApproval,
  revokeApproval,
  withoutKey,
} from "../approvals/record-approval.ts";
import type { Dependencies } from "../dependencies.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { blockageOf } from "./blockage.ts";
import { changeRefund, updateProgress } from "./change-refund.ts";
import { nextJudgement } from "./end-without-call.ts";
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
  const [due] = await dependencies.database
    .select({ nextAttemptAt: refunds.nextAttemptAt })
    .from(refunds)
    .where(and(eq(refunds.id, input.refundId), eq(refunds.status, "blocked")));
  if (!due?.nextAttemptAt || due.nextAttemptAt > dependencies.clock.now()) return;
  await resumeOne(dependencies, input.refundId, input.correlationId);
}

async function resumeOne(
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
    if (await mayKeepApproval(transaction, refund)) await resumeSameKey(dependencies, transaction, step);
    else await resumeAnew(dependencies, transaction, step);
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

/** Whether the key is still good, and the approval still stands when it is judged by today's rule. */
async function mayKeepApproval(transaction: Transaction, refund: RefundRow): Promise<boolean> {
  const approval = await approvalInForce(transaction, refund);
  if (!approval) return false;
  if (approval.decidedByKind === "policy" && !(await policyPermits(transaction, refund))) return false;
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

async function resumeAnew(
  dependencies: Dependencies,
  transaction: Transaction,
  { purchase, refund, correlationId }: Resumption,
): Promise<void> {
  await revokeApproval(dependencies, transaction, refund);
  if (await policyPermits(transaction, refund)) {
    await recordApproval(dependencies, transaction, {
      refund,
      purchase,
      decidedBy: policyActor,
      correlationId,
    });
    return;
  }
  await changeRefund(dependencies, transaction, {
    refund,
    to: "awaiting_approval",
    set: {
      ...withoutKey,
      nextAttemptAt: null,
      expiresAt: new Date(dependencies.clock.now().getTime() + decisionPeriodMs),
    },
    actor: resumer,
    action: "approval_awaited",
    correlationId,
    details: { blockedCode: refund.blockedCode, revokedApprovalId: refund.approvalId },
  });
}
