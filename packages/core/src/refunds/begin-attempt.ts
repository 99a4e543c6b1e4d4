import { refundAttempts, type Transaction } from "@redress/database";
import { eq, max } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { formatMoney } from "../money.ts";
import { blockageOf, blockedSentences } from "./blockage.ts";
import { changeRefund, updateProgress } from "./change-refund.ts";
import {
  approvalInForce,
  attemptsOfKey,
  lockRefund,
  type PurchaseRow,
  type RefundRow,
  readApp,
} from "./refund-row.ts";
import { remainderOf } from "./remainder.ts";
import { stripeParameters } from "./stripe-parameters.ts";

/** Longer than a call can take (15 s, and as much for the questions after it). */
const leaseMs = 60_000;
/** Stripe may forget a key 24 hours after its first use (Stripe: idempotent requests). */
const keyLifeMs = 24 * 60 * 60 * 1000;
/** From here on a key counts as possibly forgotten: an hour for clocks and queues. */
const safeKeyLifeMs = keyLifeMs - 60 * 60 * 1000;

/** How one run of `executeRefund` ended: see there. */
export type ExecutionAnswer = "settled" | "again" | "stopped";

/** One call to Stripe whose intention is committed. */
export interface Attempt {
  readonly id: string;
  readonly kind: "create" | "look_up";
  /** The row under the lease of this attempt. */
  readonly refund: RefundRow;
  /** Whether a call before this one may have had an effect that is not known. */
  readonly earlierUnknown: boolean;
  /** False while Stripe would only repeat an error that it keeps under the key. */
  readonly maySend: boolean;
}

export const executor = systemActor("execute_refund");

/**
 * Commits the intention of one call to Stripe: the approval is judged, and status, key, parameters,
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
        if (holdsLease) return insertAttempt(dependencies, transaction, refund, "create");
        if (refund.nextAttemptAt === null) return "stopped";
        return refund.nextAttemptAt > now ? "again" : beginRetry(dependencies, transaction, refund);
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
  const { purchase, refund, correlationId } = step;
  const approval = await approvalInForce(transaction, refund);
  if (!approval) {
    throw new RedressError(
      "approval_missing",
      "No approval of this refund is in force, so nothing was sent. Have it approved first.",
      { details: { refundId: refund.id } },
    );
  }
  if (await judgeFirst(dependencies, transaction, step)) return "stopped";
  const idempotencyKey = `refund:${refund.purchaseId}:${approval.id}`;
  const executing = await changeRefund(dependencies, transaction, {
    refund,
    to: "executing",
    set: {
      idempotencyKey,
      stripeParameters: refund.stripeParameters ?? stripeParameters(refund, approval.id),
      firstAttemptAt: refund.firstAttemptAt ?? dependencies.clock.now(),
    },
    actor: executor,
    action: "refund_executing",
    correlationId,
    details: { idempotencyKey, approvalId: approval.id, stripeAccountId: purchase.stripeAccountId },
  });
  return insertAttempt(dependencies, transaction, executing, "create");
}

/** @returns true when the refund cannot run, and the row says why */
async function judgeFirst(
  dependencies: Dependencies,
  transaction: Transaction,
  { purchase, refund, correlationId }: { purchase: PurchaseRow; refund: RefundRow; correlationId: string },
): Promise<boolean> {
  const change = { refund, actor: executor, correlationId };
  const blockedCode = blockageOf(purchase, await readApp(transaction, refund.appId));
  if (blockedCode !== null) {
    await changeRefund(dependencies, transaction, {
      ...change,
      to: "blocked",
      set: { blockedCode, nextAttemptAt: nextJudgement(dependencies), leaseUntil: null },
      action: "refund_blocked",
      details: { blockedCode, explanation: blockedSentences[blockedCode] },
    });
    return true;
  }
  const { left } = await remainderOf(transaction, purchase, refund.id);
  if (refund.amount <= left) return false;
  // The merchant has refunded in the meantime. Asking Stripe for what is gone could only fail.
  const refusedCode = left === 0 ? "already_refunded" : "amount_exceeds_remaining";
  const money = formatMoney({ amount: left, currency: refund.currency });
  await changeRefund(dependencies, transaction, {
    ...change,
    to: "refused",
    set: {
      refusedCode,
      refusedMessage: `Other refunds of this purchase came first: only ${money} is left.`,
      nextAttemptAt: null,
      leaseUntil: null,
      settledAt: dependencies.clock.now(),
    },
    action: "refund_refused",
    details: { refusedCode, left },
  });
  return true;
}

async function beginRetry(
  dependencies: Dependencies,
  transaction: Transaction,
  refund: RefundRow,
): Promise<Attempt> {
  const age = dependencies.clock.now().getTime() - (refund.firstAttemptAt?.getTime() ?? 0);
  const creates = (await attemptsOfKey(transaction, refund)).filter(({ kind }) => kind === "create");
  const last = creates.at(-1);
  const isErrorKept = last?.outcome === "unknown" && last.replayed;
  const isKeyDoubtful = refund.outcomeUnknown && age > safeKeyLifeMs;
  const kind = isErrorKept || isKeyDoubtful ? "look_up" : "create";
  return insertAttempt(dependencies, transaction, refund, kind, !isErrorKept || age > keyLifeMs);
}

async function insertAttempt(
  dependencies: Dependencies,
  transaction: Transaction,
  refund: RefundRow,
  kind: Attempt["kind"],
  maySend = true,
): Promise<Attempt> {
  const now = dependencies.clock.now();
  const { idempotencyKey } = refund;
  if (idempotencyKey === null) throw new Error(`refund ${refund.id} is executing without a key`);
  const leaseUntil = new Date(now.getTime() + leaseMs);
  const leased = await updateProgress(dependencies, transaction, refund, {
    leaseUntil,
    // Should this process end here, the sweep takes the refund up again when the lease is over.
    nextAttemptAt: leaseUntil,
    lastAttemptAt: now,
    attemptCount: refund.attemptCount + 1,
    ...(kind === "create" ? { outcomeUnknown: true } : {}),
  });
  const [highest] = await transaction
    .select({ number: max(refundAttempts.number) })
    .from(refundAttempts)
    .where(eq(refundAttempts.refundId, refund.id));
  const id = newId(dependencies.random, "attempt");
  await transaction.insert(refundAttempts).values({
    id,
    refundId: refund.id,
    number: (highest?.number ?? 0) + 1,
    kind,
    idempotencyKey,
    startedAt: now,
  });
  return { id, kind, refund: leased, earlierUnknown: refund.outcomeUnknown, maySend };
}

/** When a blocked refund is judged again, should the news that frees it be lost. */
export function nextJudgement(dependencies: Pick<Dependencies, "clock">): Date {
  return new Date(dependencies.clock.now().getTime() + 60 * 60 * 1000);
}
