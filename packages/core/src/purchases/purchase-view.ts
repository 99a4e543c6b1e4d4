import { apps, liveRefundStatuses, purchases, type Queryable, refunds } from "@redress/database";
import { eq, inArray, type SQL, sql } from "drizzle-orm";
import type { ApplicationFeeView } from "../refunds/application-fee.ts";
import type { RefundSummary } from "../refunds/refund-view.ts";
import { countOthersWithEmail } from "./count-customers.ts";

type PurchaseRow = typeof purchases.$inferSelect;

/** A purchase as a list shows it. Amounts are in the currency's smallest unit. */
export interface PurchaseSummary
  extends Pick<
    PurchaseRow,
    | "id"
    | "stripeChargeId"
    | "amountCaptured"
    | "currency"
    | "customerEmail"
    | "customerName"
    | "productName"
    | "orderNumber"
    | "purchasedAt"
    | "access"
    | "disputeStatus"
  > {
  readonly app: { readonly id: string; readonly slug: string; readonly name: string };
  /** Captured, less everything returned, on its way or reserved by an open request. */
  readonly amountLeft: number;
  /** What Stripe has returned. */
  readonly amountRefunded: number;
  /** Who bought, told apart by an id: people share addresses, and anybody may type one. */
  readonly customer: {
    /** Stripe's, `cus_…`; null for a guest. */
    readonly stripeCustomerId: string | null;
    /** The app's own, as it reported it. */
    readonly appCustomerId: string | null;
    /** How many other customers of the app bought under the same address. */
    readonly othersWithEmail: number;
  };
  readonly paymentMethod: { readonly brand: string; readonly last4: string | null } | null;
}

export interface PurchaseDetail
  extends PurchaseSummary,
    Pick<
      PurchaseRow,
      | "stripeAccountId"
      | "stripePaymentIntentId"
      | "description"
      | "livemode"
      | "refundsBlockedByDispute"
      | "disputeDueAt"
    > {
  /** What a platform took of it, and what a refund asked for now would make of its share; null: nothing, or not known. */
  readonly applicationFee: ApplicationFeeView | null;
  /** Newest first. */
  readonly refunds: readonly RefundSummary[];
}

export interface PurchaseWithApp {
  readonly purchase: PurchaseRow;
  readonly app: PurchaseSummary["app"];
}

/** The query behind every view of purchases. */
export function selectPurchases(database: Queryable, where: SQL | undefined) {
  return database
    .select({ purchase: purchases, app: { id: apps.id, slug: apps.slug, name: apps.name } })
    .from(purchases)
    .innerJoin(apps, eq(apps.id, purchases.appId))
    .where(where)
    .$dynamic();
}

/** Rows with what their refunds sum to. */
export async function summarizePurchases(
  database: Queryable,
  rows: readonly PurchaseWithApp[],
): Promise<PurchaseSummary[]> {
  const sums = await sumRefunds(
    database,
    rows.map(({ purchase }) => purchase.id),
  );
  const others = await countOthersWithEmail(
    database,
    rows.map(({ purchase }) => purchase),
  );
  return rows.map(({ purchase, app }) => {
    const { held, refunded } = sums.get(purchase.id) ?? { held: 0, refunded: 0 };
    return {
      id: purchase.id,
      app,
      stripeChargeId: purchase.stripeChargeId,
      amountCaptured: purchase.amountCaptured,
      amountLeft: Math.max(0, purchase.amountCaptured - held),
      amountRefunded: refunded,
      currency: purchase.currency,
      customerEmail: purchase.customerEmail,
      customerName: purchase.customerName,
      customer: {
        stripeCustomerId: purchase.stripeCustomerId,
        appCustomerId: purchase.appCustomerId,
        othersWithEmail: others.get(purchase.id) ?? 0,
      },
      productName: purchase.productName,
      orderNumber: purchase.orderNumber,
      paymentMethod: purchase.paymentMethodBrand
        ? { brand: purchase.paymentMethodBrand, last4: purchase.paymentMethodLast4 }
        : null,
      purchasedAt: purchase.purchasedAt,
      access: purchase.access,
      disputeStatus: purchase.disputeStatus,
    };
  });
}

/** What of each purchase is held or returned, and what Stripe has returned; none of those without refunds. */
export async function sumRefunds(database: Queryable, purchaseIds: readonly string[]) {
  const live = sql`${refunds.status} in ${liveRefundStatuses}`;
  const succeeded = sql`${refunds.status} = 'succeeded'`;
  const sums = await database
    .select({
      purchaseId: refunds.purchaseId,
      held: sql`coalesce(sum(${refunds.amount}) filter (where ${live}), 0)`.mapWith(Number),
      refunded: sql`coalesce(sum(${refunds.amount}) filter (where ${succeeded}), 0)`.mapWith(Number),
    })
    .from(refunds)
    .where(inArray(refunds.purchaseId, [...purchaseIds]))
    .groupBy(refunds.purchaseId);
  return new Map(sums.map(({ purchaseId, ...sum }) => [purchaseId, sum]));
}
