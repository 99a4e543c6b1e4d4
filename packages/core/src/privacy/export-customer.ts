import {
  approvalEndorsements,
  approvals,
  bulkRefundItems,
  customerMails,
  deliveries,
  notifications,
  refundComments,
  stripeEvents,
} from "@redress/database";
import { and, inArray, sql } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { type CustomerQuery, findCustomer } from "./customer.ts";
import { mentionPattern } from "./find-mentions.ts";

/**
 * All that the desk holds of a customer, as rows of its tables: what the customer may ask for, and what `eraseCustomer` removes
 * the personal part of. That it was exported is in the audit log; secrets are in none of these.
 *
 * @throws RedressError `app_not_found`, `invalid_input`
 */
export async function exportCustomer(
  dependencies: Pick<Dependencies, "database" | "clock" | "origin">,
  input: { query: CustomerQuery; actor: Actor; correlationId: string },
): Promise<Record<string, readonly unknown[]>> {
  return dependencies.database.transaction(async (transaction) => {
    const customer = await findCustomer(transaction, input.query, "look");
    const purchaseIds = customer.purchases.map(({ id }) => id);
    const refundIds = customer.refunds.map(({ id }) => id);
    const ids = customer.purchases.flatMap(({ stripeChargeId, stripeCustomerId }) => [
      ...[stripeChargeId, stripeCustomerId].filter((id) => id !== null),
    ]);
    const accountIds = [...new Set(customer.purchases.map(({ stripeAccountId }) => stripeAccountId))];
    const told = await transaction
      .select()
      .from(notifications)
      .where(inArray(notifications.purchaseId, purchaseIds));
    const about = [...ids, ...customer.words.filter((word) => word.includes("@"))].map((id) =>
      id.toLowerCase(),
    );
    for (const { id: purchaseId, appId } of customer.purchases) {
      const { actor, correlationId } = input;
      await recordAudit(dependencies, transaction, {
        ...{ actor, action: "customer_exported", correlationId, appId, purchaseId },
      });
    }
    const ofRefunds = async (table: typeof approvals | typeof approvalEndorsements | typeof refundComments) =>
      transaction.select().from(table).where(inArray(table.refundId, refundIds));
    return {
      // The salt of hashes is the desk's, not the customer's.
      purchases: customer.purchases.map(({ personalSalt: _, ...row }) => row),
      refunds: customer.refunds,
      approvals: await ofRefunds(approvals),
      approvalEndorsements: await ofRefunds(approvalEndorsements),
      comments: await ofRefunds(refundComments),
      notifications: told,
      deliveries: await transaction
        .select()
        .from(deliveries)
        .where(
          inArray(
            deliveries.notificationId,
            told.map(({ id }) => id),
          ),
        ),
      customerMails: await transaction
        .select()
        .from(customerMails)
        .where(inArray(customerMails.refundId, refundIds)),
      linesOfLists: await transaction
        .select()
        .from(bulkRefundItems)
        .where(inArray(bulkRefundItems.foundPurchaseId, purchaseIds)),
      stripeEvents: await transaction
        .select()
        .from(stripeEvents)
        .where(
          and(
            about.length === 0 ? sql`false` : sql`${stripeEvents.payload} ~* ${mentionPattern(about)}`,
            // Another app's customer of the same address is somebody else.
            inArray(stripeEvents.accountId, accountIds),
          ),
        ),
    };
  });
}
