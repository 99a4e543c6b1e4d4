import { auditLogs, purchases } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { lapseProposalOfWarning } from "../proposals/lapse-proposals.ts";
import { proposeRefund } from "../proposals/propose-refund.ts";
import { stripeActor } from "../refunds/confirm-refund.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { findPurchase } from "./find-purchase.ts";
import { type AccountEvent, type EventOutcome, stripeEventWorkflow } from "./stripe-event.ts";

const warningSchema = z.object({
  id: z.string(),
  charge: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]),
  actionable: z.boolean(),
  fraud_type: z.string(),
});

type Warning = z.infer<typeof warningSchema>;

/**
 * An issuer suspects fraud. The log shows it beside the purchase, and a refund is proposed while Stripe says
 * that one would help; whether to refund is a person's decision.
 */
export function stripeFraudWarningWorkflow(dependencies: Dependencies): Workflow<"stripe/event.received"> {
  return stripeEventWorkflow(dependencies, {
    id: "handle-stripe-fraud-warning",
    concurrencyKey: (accountId, warning) => `charge:${accountId}:${String(warning.charge)}`,
    handle: (event) => handleWarning(dependencies, event),
  });
}

async function handleWarning(dependencies: Dependencies, event: AccountEvent): Promise<EventOutcome> {
  const snapshot = warningSchema.parse(event.object);
  const found = await findPurchase(dependencies, { accountId: event.accountId, chargeId: snapshot.charge });
  if (found.purchaseId === null) return { status: "handled", label: found.why };
  const { purchaseId } = found;
  await recordWarning(dependencies, event, purchaseId, snapshot);
  const { id: correlationId } = event;
  const {
    id: stripeWarningId,
    fraud_type: fraudType,
    actionable,
  } = await newest(dependencies, event, snapshot);
  if (actionable)
    await proposeRefund(dependencies, { purchaseId, stripeWarningId, fraudType, correlationId });
  else await lapseProposalOfWarning(dependencies, { purchaseId, stripeWarningId, correlationId });
  return { status: "handled" };
}

/** Snapshots have no order: a late `created` must not propose what `updated` has taken back. */
async function newest(
  { stripe }: Dependencies,
  { accountId }: AccountEvent,
  snapshot: Warning,
): Promise<Warning> {
  try {
    const fetched = await stripe.radar.earlyFraudWarnings.retrieve(
      snapshot.id,
      {},
      { stripeAccount: accountId },
    );
    return warningSchema.parse(fetched);
  } catch (error) {
    const { kind } = classifyStripeError(error);
    if (kind === "refused" || kind === "no_access") return snapshot;
    throw error;
  }
}

async function recordWarning(
  dependencies: Dependencies,
  event: AccountEvent,
  purchaseId: string,
  warning: Warning,
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const [purchase] = await transaction
      .select()
      .from(purchases)
      .where(eq(purchases.id, purchaseId))
      .for("update");
    const [recorded] = await transaction
      .select({ id: auditLogs.id })
      .from(auditLogs)
      .where(and(eq(auditLogs.correlationId, event.id), eq(auditLogs.action, "early_fraud_warning")));
    if (!purchase || recorded) return;
    await recordAudit(dependencies, transaction, {
      actor: stripeActor,
      action: "early_fraud_warning",
      correlationId: event.id,
      appId: purchase.appId,
      purchaseId,
      details: { stripeWarningId: warning.id, fraudType: warning.fraud_type, actionable: warning.actionable },
    });
  });
}
