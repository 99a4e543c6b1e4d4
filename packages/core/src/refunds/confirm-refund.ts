import { auditLogs, type Transaction } from "@redress/database";
import { and, eq, sql } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import type { RefundRow } from "./refund-row.ts";
import type { StripeRefundSnapshot } from "./stripe-refund.ts";

/** By which way Stripe's word came. */
export type SettleSource = "stripe_api" | "stripe_webhook" | "reconciliation" | "import";

export const stripeActor: Actor = { kind: "stripe", id: "stripe" };

export interface Confirmation {
  readonly source: SettleSource;
  readonly correlationId: string;
}

/** Writes that Stripe confirmed the refund as it is, or (with before and after) a fact beside its status. */
export async function recordConfirmation(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  refund: RefundRow,
  snapshot: StripeRefundSnapshot,
  { source, correlationId }: Confirmation,
  facts: { before?: Record<string, unknown>; after?: Record<string, unknown> } = {},
): Promise<void> {
  await recordAudit(dependencies, transaction, {
    actor: stripeActor,
    action: "refund_confirmed",
    correlationId,
    appId: refund.appId,
    purchaseId: refund.purchaseId,
    refundId: refund.id,
    ...facts,
    details: { stripeRefundId: snapshot.id, source, status: snapshot.status },
  });
}

/**
 * Where the answer of the API came first, the webhook changes nothing; the log still says, once per
 * status, that it confirmed the refund. The row must be locked by the caller.
 */
export async function recordWebhookConfirmation(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  refund: RefundRow,
  snapshot: StripeRefundSnapshot,
  confirmation: Confirmation,
): Promise<void> {
  if (confirmation.source !== "stripe_webhook") return;
  const [earlier] = await transaction
    .select({ id: auditLogs.id })
    .from(auditLogs)
    .where(
      and(
        eq(auditLogs.refundId, refund.id),
        eq(auditLogs.action, "refund_confirmed"),
        sql`${auditLogs.details} ->> 'source' = ${confirmation.source}`,
        sql`${auditLogs.details} ->> 'status' = ${snapshot.status}`,
      ),
    )
    .limit(1);
  if (!earlier) await recordConfirmation(dependencies, transaction, refund, snapshot, confirmation);
}
