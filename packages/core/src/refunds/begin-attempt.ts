import { refundAttempts, type Transaction } from "@redress/database";
import { eq, max, sql } from "drizzle-orm";
import { awaitApprovalAnew } from "../approvals/await-approval-anew.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { type Demand, demandOf, judgeRefund } from "../policy/judge-refund.ts";
import { blockRefund, nextJudgement } from "./block-refund.ts";
import { changeRefund, updateProgress } from "./change-refund.ts";
import { endWithoutCall } from "./end-without-call.ts";
import type { ExecutionAnswer } from "./execution-answer.ts";
import { executor } from "./executor.ts";
import { fallenApprover } from "./fallen-approver.ts";
import { fallenRequester } from "./fallen-requester.ts";
import {
  type ApprovalRow,
  type AttemptRow,
  approvalInForce,
  attemptsOfKey,
  lockRefund,
  type PurchaseRow,
  type RefundRow,
  type RefundValues,
  readApp,
} from "./refund-row.ts";
import { endReplaced, findReplaced } from "./replaced-refund.ts";
import { keyLifeMs, safeKeyLifeMs } from "./stripe-key.ts";
import { stripeParameters } from "./stripe-parameters.ts";

const oneApprover: Demand = { approverRole: "approver", approversNeeded: 1 };

/** Longer than a call can take (15 s, and as much for the questions after it). */
const leaseMs = 60_000;

/** One call to Stripe whose intention is committed. */
export interface Attempt {
  readonly id: string;
  readonly kind: "create" | "look_up";
  /** The row under the lease of this attempt. */
  readonly refund: RefundRow;
  /** Whether a call before this one may have had an effect that is not known. */
  readonly earlierUnknown: boolean;
  /** False while Stripe would only repeat an error that it keeps under the key, or refunds of the app are stopped. */
  readonly maySend: boolean;
}

/**
 * Commits the intention of one call to Stripe: approval and policy are judged, and status, key, parameters,
 * lease and attempt are written before anything is sent. A retry is not judged again.
 *
 * @param input.heldLease the lease of a look-up that found nothing: the create call goes on under it
 * @returns the attempt, or how the run ends without one
 * @throws RedressError `refund_not_found`; `approval_missing` when no approval is in force
 */
export async function beginAttempt(
  dependencies: Dependencies,
  input: { refundId: string; correlationId: string; heldLease?: Date | null },
): Promise<Attempt | ExecutionAnswer> {
  return dependencies.database.transaction(async (transaction) => {
    const { purchase, refund } = await lockRefund(transaction, input.refundId);
    const now = dependencies.clock.now();
    const holdsLease = input.heldLease != null && refund.leaseUntil?.getTime() === input.heldLease.getTime();
    if (!holdsLease && refund.leaseUntil !== null && refund.leaseUntil > now) return "again";
    switch (refund.status) {
      case "approved":
        return beginFirst(dependencies, transaction, { purchase, refund, ...input });
      case "executing":
        if (holdsLease) return goOn(dependencies, transaction, { refund, ...input, justLookedUp: true });
        if (refund.nextAttemptAt === null) return "stopped";
        // The lease of the look-up was lost: whoever took the row has said when it goes on.
        if (input.heldLease != null || refund.nextAttemptAt > now) return "again";
        return goOn(dependencies, transaction, { refund, ...input, justLookedUp: false });
      case "pending":
      case "requires_action":
      case "succeeded":
      case "failed":
      case "canceled":
        return "settled";
      default:
        return "stopped";
    }
  });
}

async function beginFirst(
  dependencies: Dependencies,
  transaction: Transaction,
  step: { purchase: PurchaseRow; refund: RefundRow; correlationId: string },
): Promise<Attempt | ExecutionAnswer> {
  const { refund, correlationId } = step;
  const approval = await approvalInForce(transaction, refund);
  if (!approval) {
    throw new RedressError(
      "approval_missing",
      "No approval of this refund is in force, so nothing was sent. Have it approved first.",
      { details: { refundId: refund.id } },
    );
  }
  if (await endWithoutCall(dependencies, transaction, step)) return "stopped";
  if (approval.decidedByKind === "operator") {
    const explanation = await fallenApprover(transaction, refund, approval);
    if (explanation !== null) {
      await awaitApprovalAnew(dependencies, transaction, {
        ...{ refund, correlationId, actor: executor },
        demand: { approverRole: refund.approverRole, approversNeeded: refund.approversNeeded },
        why: { approvedBy: "operator", explanation },
      });
      return "stopped";
    }
  }
  if (
    approval.decidedByKind === "policy" &&
    !(await stillPermitted(dependencies, transaction, { ...step, approval }))
  ) {
    return "stopped";
  }
  return intendFirstCall(dependencies, transaction, { refund, approvalId: approval.id, correlationId });
}

/**
 * Commits with the caller's transaction the intention of a refund's first call under an approval, which that transaction
 * has judged. Its key is the same for ever.
 */
export async function intendFirstCall(
  dependencies: Dependencies,
  transaction: Transaction,
  { refund, approvalId, correlationId }: { refund: RefundRow; approvalId: string; correlationId: string },
): Promise<Attempt> {
  const idempotencyKey = `refund:${refund.purchaseId}:${approvalId}`;
  const executing = await changeRefund(dependencies, transaction, {
    refund,
    to: "executing",
    set: {
      idempotencyKey,
      stripeParameters: refund.stripeParameters ?? stripeParameters(refund, approvalId),
      firstAttemptAt: refund.firstAttemptAt ?? dependencies.clock.now(),
      ...progressOf(dependencies, refund, "create"),
    },
    actor: executor,
    action: "refund_executing",
    correlationId,
    details: { idempotencyKey, approvalId, stripeAccountId: refund.stripeAccountId },
  });
  const id = await insertAttempt(dependencies, transaction, {
    refund: executing,
    idempotencyKey,
    kind: "create",
  });
  return { id, kind: "create", refund: executing, earlierUnknown: refund.outcomeUnknown, maySend: true };
}

/** Judges once more what policy let out, and for whom; what it no longer permits is asked of a person. */
async function stillPermitted(
  dependencies: Dependencies,
  transaction: Transaction,
  step: { purchase: PurchaseRow; refund: RefundRow; approval: ApprovalRow; correlationId: string },
): Promise<boolean> {
  const { decidedAt } = step.approval;
  const judged = { ...step, occasion: "execution", decidedAt } as const;
  const fallen = await fallenRequester(transaction, step.refund);
  const { verdict } = await judgeRefund(dependencies, transaction, judged);
  if (verdict.kind === "allow" && fallen === null) return true;
  const demand = verdict.kind === "allow" ? oneApprover : demandOf(verdict);
  const explanation =
    verdict.kind === "allow" ? fallen : `The policy no longer permits it. ${verdict.explanation}`;
  await awaitApprovalAnew(dependencies, transaction, {
    refund: step.refund,
    demand,
    actor: executor,
    correlationId: step.correlationId,
    why: { approvedBy: "policy", explanation },
  });
  return false;
}

/** The next call of a refund that has called before. */
async function goOn(
  dependencies: Dependencies,
  transaction: Transaction,
  step: { refund: RefundRow; correlationId: string; justLookedUp: boolean },
): Promise<Attempt | ExecutionAnswer> {
  const { refund, justLookedUp } = step;
  const attempts = await attemptsOfKey(transaction, refund);
  const stripeRefundId = await findReplaced(transaction, refund);
  if (stripeRefundId !== null) {
    const end = await endReplaced(dependencies, transaction, { ...step, stripeRefundId, attempts });
    return end === "look_up" ? nextAttempt(dependencies, transaction, refund, end, false) : end;
  }
  if ((await readApp(transaction, refund.appId, { share: true })).refundsStoppedAt !== null) {
    return holdBack(dependencies, transaction, step);
  }
  return justLookedUp
    ? nextAttempt(dependencies, transaction, refund, "create")
    : beginRetry(dependencies, transaction, refund, attempts);
}

/** Refunds of the app are stopped: nothing is sent, and what may have been sent before is only looked for. */
async function holdBack(
  dependencies: Dependencies,
  transaction: Transaction,
  {
    refund,
    correlationId,
    justLookedUp,
  }: { refund: RefundRow; correlationId: string; justLookedUp: boolean },
): Promise<Attempt | ExecutionAnswer> {
  if (!refund.outcomeUnknown) {
    await blockRefund(dependencies, transaction, { refund, blockedCode: "refunds_stopped", correlationId });
    return "stopped";
  }
  if (!justLookedUp) return nextAttempt(dependencies, transaction, refund, "look_up", false);
  const nextAttemptAt = nextJudgement(dependencies);
  await updateProgress(dependencies, transaction, refund, { leaseUntil: null, nextAttemptAt });
  return "again";
}

async function beginRetry(
  dependencies: Dependencies,
  transaction: Transaction,
  refund: RefundRow,
  attempts: readonly AttemptRow[],
): Promise<Attempt> {
  const age = dependencies.clock.now().getTime() - (refund.firstAttemptAt?.getTime() ?? 0);
  const creates = attempts.filter(({ kind }) => kind === "create");
  const last = creates.at(-1);
  const isErrorKept = last?.outcome === "unknown" && last.replayed;
  const isKeyDoubtful = creates.length > 0 && age > safeKeyLifeMs;
  const kind = isErrorKept || isKeyDoubtful ? "look_up" : "create";
  return nextAttempt(dependencies, transaction, refund, kind, !isErrorKept || age > keyLifeMs);
}

async function nextAttempt(
  dependencies: Dependencies,
  transaction: Transaction,
  refund: RefundRow,
  kind: Attempt["kind"],
  maySend = true,
): Promise<Attempt> {
  const { idempotencyKey } = refund;
  if (idempotencyKey === null) throw new Error(`refund ${refund.id} is executing without a key`);
  const progress = progressOf(dependencies, refund, kind);
  const leased = await updateProgress(dependencies, transaction, refund, progress);
  const id = await insertAttempt(dependencies, transaction, { refund, idempotencyKey, kind });
  return { id, kind, refund: leased, earlierUnknown: refund.outcomeUnknown, maySend };
}

/** What a row says while one call is under way. */
function progressOf(
  { clock }: Dependencies,
  { attemptCount }: RefundRow,
  kind: Attempt["kind"],
): RefundValues {
  const now = clock.now();
  const leaseUntil = new Date(now.getTime() + leaseMs);
  return {
    leaseUntil,
    // Should this process end here, the sweep takes the refund up again when the lease is over.
    nextAttemptAt: leaseUntil,
    lastAttemptAt: now,
    attemptCount: attemptCount + 1,
    ...(kind === "create" ? { outcomeUnknown: true } : {}),
  };
}

async function insertAttempt(
  { clock, random }: Dependencies,
  transaction: Transaction,
  { refund, idempotencyKey, kind }: { refund: RefundRow; idempotencyKey: string; kind: Attempt["kind"] },
): Promise<string> {
  const id = newId(random, "attempt");
  const { refundId, number } = refundAttempts;
  const highest = transaction
    .select({ number: max(number) })
    .from(refundAttempts)
    .where(eq(refundId, refund.id));
  await transaction.insert(refundAttempts).values({
    id,
    refundId: refund.id,
    // The refund is locked.
    number: sql`coalesce((${highest}), 0) + 1`,
    kind,
    idempotencyKey,
    startedAt: clock.now(),
  });
  return id;
}
