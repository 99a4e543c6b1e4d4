import { purchases, type Transaction } from "@redress/database";
import { sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { type ChargeFacts, readCharge } from "./read-charge.ts";

/**
 * Makes a charge a purchase, or brings the purchase up to date. Running it again, or with an older snapshot,
 * changes nothing for the worse: what an app reported stays, and the captured amount only grows.
 *
 * @returns null, and nothing written, for a charge that took no money
 */
export async function takeInCharge(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  input: { appId: string; accountId: string; charge: unknown },
): Promise<{ purchaseId: string; created: boolean } | null> {
  const facts = readCharge(input.charge);
  if (facts === null) return null;
  const [taken] = await takeInCharges(dependencies, transaction, { ...input, charges: [facts] });
  return taken ?? null;
}

/** Many charges of one account in one statement; each charge once. */
export async function takeInCharges(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  input: { appId: string; accountId: string; charges: readonly ChargeFacts[] },
): Promise<{ purchaseId: string; created: boolean }[]> {
  if (input.charges.length === 0) return [];
  const now = dependencies.clock.now();
  const rows = input.charges.map((facts) => ({
    ...facts,
    id: newId(dependencies.random, "purchase"),
    appId: input.appId,
    stripeAccountId: input.accountId,
    personalSalt: Buffer.from(dependencies.random.bytes(16)).toString("hex"),
    createdAt: now,
    updatedAt: now,
  }));
  const written = await transaction
    .insert(purchases)
    .values(rows)
    .onConflictDoUpdate({
      target: [purchases.stripeAccountId, purchases.stripeChargeId],
      set: {
        amountCaptured: sql`greatest(${purchases.amountCaptured}, excluded.amount_captured)`,
        customerEmail: sql`coalesce(${purchases.customerEmail}, excluded.customer_email)`,
        customerName: sql`coalesce(${purchases.customerName}, excluded.customer_name)`,
        productName: sql`coalesce(${purchases.productName}, excluded.product_name)`,
        orderNumber: sql`coalesce(${purchases.orderNumber}, excluded.order_number)`,
        applicationFee: sql`coalesce(excluded.application_fee, ${purchases.applicationFee})`,
        stripeApplicationId: sql`coalesce(excluded.stripe_application_id, ${purchases.stripeApplicationId})`,
        stripeCustomerId: sql`coalesce(excluded.stripe_customer_id, ${purchases.stripeCustomerId})`,
        description: sql`coalesce(excluded.description, ${purchases.description})`,
        updatedAt: now,
      },
    })
    .returning({ purchaseId: purchases.id });
  const drafted = new Set(rows.map(({ id }) => id));
  return written.map(({ purchaseId }) => ({ purchaseId, created: drafted.has(purchaseId) }));
}
