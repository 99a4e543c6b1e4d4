import { refunds, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import { isPermittedSelfApproval } from "../approvals/approve-refund.ts";
import { needsMore } from "../approvals/endorse-refund.ts";
import { requireApproverOfToday } from "../approvals/open-decision.ts";
import { decisionPeriodMs, recordApproval } from "../approvals/record-approval.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { readDeciderGrants } from "../operators/decider-grants.ts";
import { requirePermission } from "../operators/permissions.ts";
import type { Demand } from "../policy/judge-refund.ts";
import { changeRefund } from "./change-refund.ts";
import { getRefund } from "./get-refund.ts";
import { isErrorKept } from "./kept-error.ts";
import { lookUpRefund } from "./look-up-refund.ts";
import { attemptsOfKey, lockRefund, type PurchaseRow, type RefundRow } from "./refund-row.ts";
import type { RefundDetail } from "./refund-view.ts";
import { remainderOf } from "./remainder.ts";
import { findReplaced } from "./replaced-refund.ts";
import { settleRefund } from "./settle-refund.ts";

interface Supersession {
  readonly refundId: string;
  readonly operatorId: string;
  readonly note?: string | undefined;
  readonly correlationId: string;
}

/**
 * A person ends the wait for a refund whose key Stripe answers with a stored error (Stripe: idempotent
 * requests keep a 500 for a day), after a look-up found nothing. Stripe is looked at once more; then, in one
 * transaction, the old row sends nothing ever again, and a new one takes over its reservation under an
 * approval, and so a key, of its own. The old one is still looked for. A second click is no error.
 *
 * @returns the new refund
 * @throws RedressError `refund_not_found`, `permission_denied`; `own_request` when it was asked for by the
 *   operator; `not_supersedable` while the wait is of another kind; `already_decided` when Stripe has the
 *   refund after all; `amount_exceeds_remaining`; `stripe_unavailable`
 */
export async function supersedeRefund(
  dependencies: Dependencies,
  input: Supersession,
): Promise<RefundDetail> {
  const { database } = dependencies;
  const judged = await database.transaction((transaction) => judge(dependencies, transaction, input));
  if (typeof judged === "string") return getRefund(dependencies, { refundId: judged });
  await refuseIfFound(dependencies, judged.refund, input);
  const refundId = await database.transaction(async (transaction) => {
    const again = await judge(dependencies, transaction, input);
    return typeof again === "string" ? again : replace(dependencies, transaction, { ...again, ...input });
  });
  dependencies.wakeOutbox();
  return getRefund(dependencies, { refundId });
}

interface Judged {
  readonly purchase: PurchaseRow;
  readonly refund: RefundRow;
  readonly selfApproved: boolean;
  /** Whom an approval needs: as the policy wanted when it asked and as it wants now, whichever is more. */
  readonly demand: Demand;
}

/** @returns the id of the refund that has taken its place, when that was done before */
async function judge(
  dependencies: Dependencies,
  transaction: Transaction,
  { refundId, operatorId }: Supersession,
): Promise<Judged | string> {
  const { purchase, refund } = await lockRefund(transaction, refundId);
  const grants = await readDeciderGrants({ database: transaction }, operatorId);
  requirePermission(grants, "refunds.decide", refund.appId);
  const successor = refund.status === "superseded" ? await successorOf(transaction, refundId) : undefined;
  if (successor !== undefined) return successor;
  const found = await findReplaced(transaction, refund);
  if (found !== null) {
    throw new RedressError(
      "already_decided",
      `Stripe has the refund that this one was to replace, ${found}: the customer is paid, so nothing is replaced again.`,
      { details: { stripeRefundId: found } },
    );
  }
  const isIdle = refund.leaseUntil === null || refund.leaseUntil <= dependencies.clock.now();
  const isWaiting = refund.status === "executing" && refund.outcomeUnknown && isIdle;
  if (!isWaiting || !isErrorKept(await attemptsOfKey(transaction, refund))) {
    throw new RedressError(
      "not_supersedable",
      "This refund cannot be replaced: that takes an error that Stripe keeps repeating, and a look-up after it that found nothing. Wait until its outcome is known.",
      { details: { status: refund.status } },
    );
  }
  const demand = await requireApproverOfToday(dependencies, transaction, grants, { purchase, refund });
  const selfApproved = await isPermittedSelfApproval(transaction, refund, operatorId);
  return { purchase, refund, selfApproved, demand };
}

/** The last look-up may be an hour old. */
async function refuseIfFound(
  dependencies: Dependencies,
  refund: RefundRow,
  { correlationId }: Supersession,
): Promise<void> {
  const found = await lookUpRefund(dependencies, refund, correlationId);
  switch (found.kind) {
    case "none":
      return;
    case "found":
      await settleRefund(dependencies, {
        stripeRefund: found.stripeRefund,
        accountId: refund.stripeAccountId,
        source: "reconciliation",
        correlationId,
        fresh: false,
      });
      throw new RedressError(
        "already_decided",
        "Stripe has made this refund after all, so nothing was replaced. Look at its history.",
      );
    case "unclear":
      throw new RedressError(
        "not_supersedable",
        `An equal refund, ${found.stripeRefundId}, was made at Stripe meanwhile. Find out in Stripe's Dashboard who made it before this one is replaced.`,
        { details: { stripeRefundId: found.stripeRefundId } },
      );
    case "failed":
      throw new RedressError(
        "stripe_unavailable",
        "Stripe could not be asked whether it has this refund, so nothing was replaced. Try again in a few minutes.",
      );
  }
}

async function replace(
  dependencies: Dependencies,
  transaction: Transaction,
  step: Judged & Supersession,
): Promise<string> {
  const { purchase, refund, operatorId, correlationId } = step;
  const { left } = await remainderOf(transaction, purchase, refund.id);
  if (left < refund.amount) {
    throw new RedressError(
      "amount_exceeds_remaining",
      "Other refunds of this purchase came meanwhile: not enough is left for this one. Ask for a new refund of what is left.",
    );
  }
  const operator = { kind: "operator", id: operatorId } as const;
  const id = newId(dependencies.random, "refund");
  await changeRefund(dependencies, transaction, {
    refund,
    to: "superseded",
    set: { nextAttemptAt: null, leaseUntil: null },
    actor: operator,
    action: "refund_superseded",
    correlationId,
    details: { supersededBy: id },
  });
  const replacement = await insertReplacement(dependencies, transaction, { ...step, id });
  if (replacement.approversNeeded > 1) {
    await askOthers(dependencies, transaction, { ...step, refund: replacement });
    return id;
  }
  await recordApproval(dependencies, transaction, {
    refund: replacement,
    purchase,
    decidedBy: operator,
    selfApproved: step.selfApproved,
    note: step.note,
    correlationId,
  });
  return id;
}

/** What several had to approve is approved anew by several: whoever ends the wait is the first of them. */
async function askOthers(
  dependencies: Dependencies,
  transaction: Transaction,
  step: Judged & Supersession,
): Promise<void> {
  const { refund, operatorId, correlationId } = step;
  const expiresAt = new Date(dependencies.clock.now().getTime() + decisionPeriodMs);
  const awaiting = await changeRefund(dependencies, transaction, {
    refund,
    to: "awaiting_approval",
    set: { expiresAt },
    actor: { kind: "operator", id: operatorId },
    action: "approval_awaited",
    correlationId,
    details: { expiresAt: expiresAt.toISOString() },
  });
  await needsMore(dependencies, transaction, { ...step, refund: awaiting, demand: awaiting });
}

async function insertReplacement(
  dependencies: Dependencies,
  transaction: Transaction,
  { refund, id, operatorId, demand, correlationId }: Judged & Supersession & { id: string },
): Promise<RefundRow> {
  const now = dependencies.clock.now();
  const { appId, purchaseId, stripeAccountId, stripeChargeId, amount, currency, reason, note } = refund;
  const { requestedByKind, requestedById, requestedByOwner } = refund;
  const { stripeReason, refundApplicationFee } = refund;
  const money = { stripeAccountId, stripeChargeId, amount, currency };
  const facts = { appId, purchaseId, ...money, reason, stripeReason, note };
  const requester = { requestedByKind, requestedById, requestedByOwner };
  const [row] = await transaction
    .insert(refunds)
    .values({
      id,
      ...facts,
      ...requester,
      refundApplicationFee,
      ...demand,
      replacesRefundId: refund.id,
      origin: "redress",
      status: "requested",
      requestedAt: now,
      updatedAt: now,
    })
    .returning();
  if (!row) throw new Error("the database answered an insert without its row");
  await recordAudit(dependencies, transaction, {
    actor: { kind: "operator", id: operatorId },
    action: "refund_requested",
    correlationId,
    appId,
    purchaseId,
    refundId: id,
    after: { status: row.status },
    details: { amount, currency, reason, supersedes: refund.id, requestedFor: requestedById },
  });
  return row;
}

async function successorOf(transaction: Transaction, refundId: string): Promise<string | undefined> {
  const [successor] = await transaction
    .select({ id: refunds.id })
    .from(refunds)
    .where(eq(refunds.replacesRefundId, refundId));
  return successor?.id;
}
