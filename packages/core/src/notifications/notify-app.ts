import { apps, notifications, purchases, refunds, type Transaction } from "@redress/database";
import { and, eq, sql } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { RefundRow } from "../refunds/refund-row.ts";
import { sequenceFloor } from "../restore/restored-time.ts";
import { type AccessDecision, decideAccess } from "./access-decision.ts";

type NotificationType = Exclude<(typeof notifications.$inferSelect)["type"], "ping">;

/**
 * Queues the signed message that tells an app what became of a refund, in the transaction that settles the
 * refund: call it with the row as it is once it has its new status. The same fact gets one message, whoever reports it.
 *
 * Without a notification URL the message is kept as `unaddressed`, and sent once the app has one.
 *
 * @returns the notification's id, or null when the app was told of this fact before
 */
export async function notifyApp(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  { refund, type, correlationId }: { refund: RefundRow; type: NotificationType; correlationId?: string },
): Promise<string | null> {
  const refundId = refund.id;
  const [told] = await transaction
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.refundId, refundId), eq(notifications.type, type)));
  if (told) return null;
  const facts = await readFacts(transaction, refund);
  const { app, purchase, sequence } = facts;
  const { decision, access } = decideAccess({
    type,
    captured: purchase.amountCaptured,
    refunded: facts.refunded,
    revokeOnPartial: app.revokeAccessOnPartialRefund,
    access: purchase.access,
  });
  const id = newId(dependencies.random, "notification");
  const now = dependencies.clock.now();
  const addressed = app.notificationUrl !== null;
  await transaction.insert(notifications).values({
    id,
    appId: app.id,
    purchaseId: purchase.id,
    refundId,
    type,
    sequence,
    access: decision,
    payload: describe({ ...facts, type, decision, at: now }),
    status: addressed ? "pending" : "unaddressed",
    nextAttemptAt: addressed ? now : null,
    createdAt: now,
  });
  await transaction
    .update(purchases)
    .set({ lastSequence: sequence, access, updatedAt: now })
    .where(eq(purchases.id, purchase.id));
  if (access !== purchase.access) {
    await recordAudit(dependencies, transaction, {
      actor: systemActor("notifications"),
      action: "access_changed",
      correlationId: correlationId ?? id,
      appId: app.id,
      purchaseId: purchase.id,
      refundId,
      before: { access: purchase.access },
      after: { access },
      details: { notificationId: id },
    });
  }
  if (addressed) {
    const data = { notificationId: id };
    await enqueue(dependencies, transaction, {
      name: "notification/delivery.due",
      factKey: `notify:${id}`,
      data,
    });
  }
  return id;
}

type Facts = Awaited<ReturnType<typeof readFacts>>;

/** Locks the purchase, so that sequences and sums of its messages follow one another. */
async function readFacts(transaction: Transaction, refund: RefundRow) {
  const [purchase] = await transaction
    .select()
    .from(purchases)
    .where(eq(purchases.id, refund.purchaseId))
    .for("no key update");
  const [app] = await transaction.select().from(apps).where(eq(apps.id, refund.appId));
  if (!purchase || !app) throw new Error(`refund ${refund.id} lost its purchase or app`);
  const [sum] = await transaction
    .select({ refunded: sql<string>`coalesce(sum(${refunds.amount}), 0)` })
    .from(refunds)
    .where(and(eq(refunds.purchaseId, purchase.id), eq(refunds.status, "succeeded")));
  const sequence = Math.max(purchase.lastSequence, await sequenceFloor(transaction)) + 1;
  return { refund, purchase, app, sequence, refunded: Number(sum?.refunded ?? 0) };
}

/** The body on the wire; the SDK for apps reads exactly these members. */
function describe(facts: Facts & { type: NotificationType; decision: AccessDecision; at: Date }) {
  const { purchase, refund } = facts;
  return {
    type: facts.type,
    timestamp: facts.at.toISOString(),
    data: {
      sequence: facts.sequence,
      access: facts.decision,
      app: facts.app.slug,
      purchase: {
        id: purchase.id,
        stripe_charge_id: purchase.stripeChargeId,
        stripe_payment_intent_id: purchase.stripePaymentIntentId,
        order_number: purchase.orderNumber,
        customer_email: purchase.customerEmail,
        amount: purchase.amountCaptured,
        amount_refunded: facts.refunded,
        currency: purchase.currency,
      },
      refund: {
        id: refund.id,
        stripe_refund_id: refund.stripeRefundId,
        amount: refund.amount,
        currency: refund.currency,
        status: refund.status,
        reason: refund.reason,
        failure_reason: refund.failureReason,
      },
    },
  };
}
