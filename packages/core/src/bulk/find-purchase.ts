import { purchases, type Queryable } from "@redress/database";
import { and, eq, inArray, type SQL } from "drizzle-orm";
import { orderSpellings } from "../purchases/search-condition.ts";

/** Of an app the one purchase that a handle names, or why it names none. */
export async function findPurchase(
  database: Queryable,
  { appId, handle }: { appId: string; handle: string },
): Promise<{ id: string } | { code: "purchase_unknown" | "purchase_ambiguous"; explanation: string }> {
  const found = await database
    .select({ id: purchases.id })
    .from(purchases)
    .where(and(eq(purchases.appId, appId), conditionOf(handle)))
    .limit(2);
  const [one, other] = found;
  if (one === undefined) {
    return { code: "purchase_unknown", explanation: "This app has no purchase of that id or order number." };
  }
  if (other === undefined) return one;
  const explanation = "Several purchases have this number: give the charge (ch_…) or the purchase (pur_…).";
  return { code: "purchase_ambiguous", explanation };
}

function conditionOf(handle: string): SQL {
  if (/^pur_\w+$/.test(handle)) return eq(purchases.id, handle);
  if (/^(ch|py)_\w+$/.test(handle)) return eq(purchases.stripeChargeId, handle);
  if (/^pi_\w+$/.test(handle)) return eq(purchases.stripePaymentIntentId, handle);
  return inArray(purchases.orderNumber, orderSpellings(handle));
}
