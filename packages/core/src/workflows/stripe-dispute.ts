import { purchases } from "@redress/database";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { stripeActor } from "../refunds/confirm-refund.ts";
import { disputeFacts, isClosed } from "../refunds/dispute-facts.ts";
import { resumeBlocked } from "../refunds/resume-refunds.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { findPurchase } from "./find-purchase.ts";
import { type AccountEvent, type EventOutcome, stripeEventWorkflow } from "./stripe-event.ts";

const disputeSchema = z.object({
  id: z.string(),
  object: z.literal("dispute"),
  charge: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]),
  status: z.string(),
  is_charge_refundable: z.boolean(),
  evidence_details: z.object({ due_by: z.number().nullish() }).nullish(),
});
type Dispute = z.infer<typeof disputeSchema>;

/**
 * A dispute opens, moves or ends. While Stripe refuses refunds of the charge, the purchase says so; once it
 * no longer does, or the dispute is lost, blocked refunds are judged again.
 */
export function stripeDisputeWorkflow(dependencies: Dependencies): Workflow<"stripe/event.received"> {
  return stripeEventWorkflow(dependencies, {
    id: "handle-stripe-dispute",
    concurrencyKey: (accountId, dispute) => `charge:${accountId}:${String(dispute.charge)}`,
    handle: (event) => handleDispute(dependencies, event),
  });
}

async function handleDispute(dependencies: Dependencies, event: AccountEvent): Promise<EventOutcome> {
  const snapshot = disputeSchema.parse(event.object);
  const charge = { accountId: event.accountId, chargeId: snapshot.charge };
  const found = await findPurchase(dependencies, charge);
  if (found.purchaseId === null) return { status: "handled", label: found.why };
  const { purchaseId } = found;
  const [newest, ...older] = await listDisputes(dependencies, charge);
  const { status, blocksRefunds, dueAt } = disputeFacts(newest ? [newest, ...older] : [snapshot]);
  await recordDispute(dependencies, event, {
    purchaseId,
    disputeId: (newest ?? snapshot).id,
    status,
    blocked: blocksRefunds,
    dueAt,
    // Without a list that has it, a late snapshot must not open a dispute again.
    onlyForward: newest === undefined,
  });
  // Also when nothing was new: the run before may have ended right here.
  await resumeBlocked(dependencies, { purchaseId, correlationId: event.id });
  return { status: "handled" };
}

/** Snapshots have no order, so all disputes of the charge are asked for, newest first. None: out of reach. */
async function listDisputes(
  { stripe }: Dependencies,
  { accountId, chargeId }: { accountId: string; chargeId: string },
): Promise<Dispute[]> {
  try {
    const list = await stripe.disputes.list({ charge: chargeId, limit: 100 }, { stripeAccount: accountId });
    return z.array(disputeSchema).parse(list.data);
  } catch (error) {
    if (classifyStripeError(error).kind === "no_access") return [];
    throw error;
  }
}

async function recordDispute(
  dependencies: Dependencies,
  event: AccountEvent,
  dispute: {
    purchaseId: string;
    disputeId: string;
    status: string;
    blocked: boolean;
    dueAt: Date | null;
    onlyForward: boolean;
  },
): Promise<void> {
  const { purchaseId, status, blocked, dueAt } = dispute;
  await dependencies.database.transaction(async (transaction) => {
    const [purchase] = await transaction
      .select()
      .from(purchases)
      .where(eq(purchases.id, purchaseId))
      .for("update");
    if (!purchase) throw new Error(`purchase ${purchaseId} is gone`);
    const before = {
      disputeStatus: purchase.disputeStatus,
      refundsBlocked: purchase.refundsBlockedByDispute,
    };
    if (dispute.onlyForward && isClosed(before.disputeStatus)) return;
    const isSame = before.disputeStatus === status && before.refundsBlocked === blocked;
    if (isSame && purchase.disputeDueAt?.getTime() === dueAt?.getTime()) return;
    await transaction
      .update(purchases)
      .set({
        ...{ disputeStatus: status, refundsBlockedByDispute: blocked, disputeDueAt: dueAt },
        updatedAt: dependencies.clock.now(),
      })
      .where(eq(purchases.id, purchaseId));
    // Stripe's deadline is no state of ours: by itself it is nothing for the log.
    if (isSame) return;
    await recordAudit(dependencies, transaction, {
      actor: stripeActor,
      action: "dispute_changed",
      correlationId: event.id,
      appId: purchase.appId,
      purchaseId,
      before,
      after: { disputeStatus: status, refundsBlocked: blocked },
      details: { stripeDisputeId: dispute.disputeId, source: "stripe_webhook" },
    });
  });
}
