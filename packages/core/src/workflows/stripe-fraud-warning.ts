import { auditLogs, purchases } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { stripeActor } from "../refunds/confirm-refund.ts";
import { findPurchase } from "./find-purchase.ts";
import { type AccountEvent, type EventOutcome, stripeEventWorkflow } from "./stripe-event.ts";

const warningSchema = z.object({
  id: z.string(),
  charge: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]),
  actionable: z.boolean(),
  fraud_type: z.string(),
});

/** An issuer suspects fraud. The log shows it beside the purchase; whether to refund is a person's decision. */
export function stripeFraudWarningWorkflow(dependencies: Dependencies): Workflow<"stripe/event.received"> {
  return stripeEventWorkflow(dependencies, {
    id: "handle-stripe-fraud-warning",
    concurrencyKey: (accountId, warning) => `charge:${accountId}:${String(warning.charge)}`,
    handle: (event) => recordWarning(dependencies, event),
  });
}

async function recordWarning(dependencies: Dependencies, event: AccountEvent): Promise<EventOutcome> {
  const warning = warningSchema.parse(event.object);
  const found = await findPurchase(dependencies, { accountId: event.accountId, chargeId: warning.charge });
  if (found.purchaseId === null) return { status: "handled", label: found.why };
  const { purchaseId } = found;
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
  return { status: "handled" };
}
