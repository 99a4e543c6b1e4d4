import { refunds, type Transaction } from "@redress/database";
import { answerableOperator } from "../actor.ts";
import { hashPersonal } from "../audit/hash-personal.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import type { Demand } from "../policy/judge-refund.ts";
import type { Reason } from "../policy/policy-document.ts";
import { hashRequest } from "./earlier-request.ts";
import type { RefundRequest } from "./refund-request.ts";
import type { PurchaseRow, RefundRow } from "./refund-row.ts";

/**
 * Writes the row of a request, in status `requested`, with its entry in the log. The purchase must be locked.
 *
 * @param asked.list the list that it is a line of, and whom that was approved by
 */
export async function insertRequest(
  dependencies: Dependencies,
  transaction: Transaction,
  asked: {
    purchase: PurchaseRow;
    amount: number;
    reason: Reason;
    refundApplicationFee: boolean;
    request: RefundRequest;
    list?: { bulkRefundId: string } & Demand;
  },
): Promise<RefundRow> {
  const { purchase, amount, refundApplicationFee, request, list } = asked;
  const { code: reason, stripe } = asked.reason;
  const now = dependencies.clock.now();
  const [refund] = await transaction
    .insert(refunds)
    .values({
      id: newId(dependencies.random, "refund"),
      appId: purchase.appId,
      purchaseId: purchase.id,
      stripeAccountId: purchase.stripeAccountId,
      stripeChargeId: purchase.stripeChargeId,
      origin: "redress",
      amount,
      currency: purchase.currency,
      reason,
      stripeReason: stripe ?? "none",
      note: request.note ?? null,
      ticketUrl: request.ticketUrl ?? null,
      refundApplicationFee,
      requestedByKind: request.requester.kind,
      requestedById: request.requester.id,
      requestedByOwner: answerableOperator(request.requester),
      requestKey: request.requestKey ?? null,
      requestHash: request.requestKey === undefined ? null : hashRequest(request),
      ...list,
      status: "requested",
      requestedAt: now,
      updatedAt: now,
    })
    .returning();
  if (!refund) throw new Error("the database answered an insert without its row");
  await recordAudit(dependencies, transaction, {
    actor: request.requester,
    action: "refund_requested",
    correlationId: request.correlationId,
    appId: refund.appId,
    purchaseId: refund.purchaseId,
    refundId: refund.id,
    after: { status: refund.status },
    details: {
      amount,
      currency: refund.currency,
      reason,
      ...(list && { bulkRefundId: list.bulkRefundId }),
      ...request.via,
      ...(refundApplicationFee ? { refundApplicationFee } : {}),
      ...(request.note === undefined ? {} : { noteHash: hashPersonal(purchase.personalSalt, request.note) }),
      ...(request.ticketUrl === undefined
        ? {}
        : { ticketUrlHash: hashPersonal(purchase.personalSalt, request.ticketUrl) }),
    },
  });
  return refund;
}
