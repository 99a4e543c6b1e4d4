import { auditLogs, type Transaction } from "@redress/database";
import { and, eq, inArray, sql } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { updateProgress } from "./change-refund.ts";
import { stripeActor } from "./confirm-refund.ts";
import type { RefundRow } from "./refund-row.ts";

/** A refund that our call made, and that does not stand in the call's row. */
export interface Misattribution {
  readonly refundId: string;
  readonly stripeRefundId: string;
  /** What the call's own row holds instead: most likely a refund with a copy of our metadata. */
  readonly heldStripeRefundId: string | null;
  /** The row that has it. */
  readonly standsIn: string;
}

/**
 * Writes, once, that our call made a refund which stands in another row. Rows do not change places: a refund
 * never leaves the row that took it, and what both rows told the app stays true. The call's row must be locked.
 *
 * @returns what was found, or undefined when the log says so already
 */
export async function recordMisattribution(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  { refund, stripeRefundId, standsIn }: { refund: RefundRow; stripeRefundId: string; standsIn: string },
  { correlationId }: { correlationId: string },
): Promise<Misattribution | undefined> {
  const [said] = await transaction
    .select({ id: auditLogs.id })
    .from(auditLogs)
    .where(
      and(
        eq(auditLogs.refundId, refund.id),
        // A person may have said before that the other row is the fact.
        inArray(auditLogs.action, ["refund_misattributed", "refund_superseded"]),
        sql`${auditLogs.details} ->> 'stripeRefundId' = ${stripeRefundId}`,
      ),
    )
    .limit(1);
  if (said) return undefined;
  const { stripeRefundId: heldStripeRefundId } = refund;
  // What replaces this refund asks the row, not the log, whether the customer is paid.
  await updateProgress(dependencies, transaction, refund, { misplacedStripeRefundId: stripeRefundId });
  await recordAudit(dependencies, transaction, {
    actor: stripeActor,
    action: "refund_misattributed",
    correlationId,
    appId: refund.appId,
    purchaseId: refund.purchaseId,
    refundId: refund.id,
    details: { stripeRefundId, heldStripeRefundId, standsIn },
  });
  return { refundId: refund.id, stripeRefundId, heldStripeRefundId, standsIn };
}
