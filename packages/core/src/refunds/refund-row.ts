import type { Transaction } from "@redress/database";
import { approvals, apps, purchases, type Queryable, refundAttempts, refunds } from "@redress/database";
import { and, eq, inArray, sql } from "drizzle-orm";
import { RedressError } from "../errors.ts";

export type RefundRow = typeof refunds.$inferSelect;
export type RefundValues = Partial<typeof refunds.$inferInsert>;
export type PurchaseRow = typeof purchases.$inferSelect;
export type AppRow = typeof apps.$inferSelect;
export type ApprovalRow = typeof approvals.$inferSelect;
export type AttemptRow = typeof refundAttempts.$inferSelect;

/**
 * Locks a purchase. Everyone who touches money locks the purchase first and the refund after it, so that
 * two transactions never wait for each other in a circle.
 *
 * @throws RedressError `purchase_not_found`
 */
export async function lockPurchase(transaction: Transaction, purchaseId: string): Promise<PurchaseRow> {
  const [purchase] = await transaction
    .select()
    .from(purchases)
    .where(eq(purchases.id, purchaseId))
    .for("update");
  if (!purchase) throw purchaseNotFound(purchaseId);
  return purchase;
}

/** Locks purchases, by their ids: always in the order of these, so that no two wait for each other in a circle. */
export async function lockPurchases(
  transaction: Transaction,
  purchaseIds: readonly string[],
): Promise<Map<string, PurchaseRow>> {
  const rows = await transaction
    .select()
    .from(purchases)
    .where(inArray(purchases.id, [...purchaseIds]))
    .orderBy(purchases.id)
    .for("update");
  return new Map(rows.map((row) => [row.id, row]));
}

/** The purchase of a charge, locked; undefined when the desk does not know the charge. */
export async function lockPurchaseOfCharge(
  transaction: Transaction,
  charge: { accountId: string; chargeId: string },
): Promise<PurchaseRow | undefined> {
  const [purchase] = await transaction
    .select()
    .from(purchases)
    .where(
      and(eq(purchases.stripeAccountId, charge.accountId), eq(purchases.stripeChargeId, charge.chargeId)),
    )
    .for("update");
  return purchase;
}

/**
 * Locks a refund after its purchase.
 *
 * @throws RedressError `refund_not_found`
 */
export async function lockRefund(
  transaction: Transaction,
  refundId: string,
): Promise<{ purchase: PurchaseRow; refund: RefundRow }> {
  // A refund never moves to another purchase (`refunds_facts_fixed`), so this read needs no lock.
  const [known] = await transaction
    .select({ purchaseId: refunds.purchaseId })
    .from(refunds)
    .where(eq(refunds.id, refundId));
  if (!known) throw refundNotFound(refundId);
  return lockKnownRefund(transaction, { id: refundId, ...known });
}

/** The same where its purchase is known: it never changes. */
export async function lockKnownRefund(
  transaction: Transaction,
  { id, purchaseId }: Pick<RefundRow, "id" | "purchaseId">,
): Promise<{ purchase: PurchaseRow; refund: RefundRow }> {
  const purchase = await lockPurchase(transaction, purchaseId);
  const [refund] = await transaction.select().from(refunds).where(eq(refunds.id, id)).for("update");
  if (!refund) throw refundNotFound(id);
  return { purchase, refund };
}

export function purchaseNotFound(purchaseId: string): RedressError {
  return new RedressError("purchase_not_found", `There is no purchase ${purchaseId}. Search for it again.`);
}

export function refundNotFound(refundId: string): RedressError {
  return new RedressError(
    "refund_not_found",
    `There is no refund ${refundId}. Check the id, or look for it in the list.`,
  );
}

/**
 * @param options.share keeps the row from being changed until the transaction ends, so that what is decided by it
 *   holds when it commits
 * @throws RedressError `app_not_found`
 */
export async function readApp(
  queryable: Queryable,
  appId: string,
  options: { share: boolean } = { share: false },
): Promise<AppRow> {
  const query = queryable.select().from(apps).where(eq(apps.id, appId));
  const [app] = await (options.share ? query.for("share") : query);
  if (!app) throw new RedressError("app_not_found", `There is no app ${appId}. Check its id.`);
  return app;
}

/** The approval under which a refund runs, or undefined when none is in force. */
export async function approvalInForce(
  transaction: Transaction,
  refund: RefundRow,
): Promise<ApprovalRow | undefined> {
  if (refund.approvalId === null) return undefined;
  const [approval] = await transaction
    .select()
    .from(approvals)
    .where(
      and(
        eq(approvals.id, refund.approvalId),
        eq(approvals.refundId, refund.id),
        eq(approvals.decision, "approved"),
        sql`${approvals.revokedAt} is null`,
        // As many people as were needed stand behind it.
        sql`(${approvals.decidedByKind} = 'policy' or enough_approved(
          (select asked from refunds as asked where asked.id = ${refund.id}), ${approvals.decidedById}, ${approvals.selfApproved}))`,
      ),
    );
  return approval;
}

/** The calls made under the refund's present key, oldest first. */
export async function attemptsOfKey(transaction: Transaction, refund: RefundRow): Promise<AttemptRow[]> {
  if (refund.idempotencyKey === null) return [];
  return transaction
    .select()
    .from(refundAttempts)
    .where(
      and(eq(refundAttempts.refundId, refund.id), eq(refundAttempts.idempotencyKey, refund.idempotencyKey)),
    )
    .orderBy(refundAttempts.number);
}
