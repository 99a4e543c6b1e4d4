import { apps, purchases } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { takeInCharge } from "../purchases/take-in-charge.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";

type Charge = { readonly accountId: string; readonly chargeId: string };
export type FoundPurchase =
  | { readonly purchaseId: string }
  | { readonly purchaseId: null; readonly why: "unknown_account" | "unknown_charge" };

/**
 * The purchase of a charge. One that the desk has not seen yet is fetched and taken in: its own event may
 * be late or lost.
 *
 * @throws when Stripe could not say: to be repeated
 */
export async function findPurchase(dependencies: Dependencies, charge: Charge): Promise<FoundPurchase> {
  const [known] = await dependencies.database
    .select({ id: purchases.id })
    .from(purchases)
    .where(
      and(eq(purchases.stripeAccountId, charge.accountId), eq(purchases.stripeChargeId, charge.chargeId)),
    );
  if (known) return { purchaseId: known.id };
  const appId = await findAppOf(dependencies, charge.accountId);
  if (appId === null) return { purchaseId: null, why: "unknown_account" };
  const fetched = await fetchCharge(dependencies, charge);
  if (fetched === null) return { purchaseId: null, why: "unknown_charge" };
  const taken = await dependencies.database.transaction((transaction) =>
    takeInCharge(dependencies, transaction, { appId, accountId: charge.accountId, charge: fetched }),
  );
  return taken ? { purchaseId: taken.purchaseId } : { purchaseId: null, why: "unknown_charge" };
}

/** The app that is connected to an account now. */
export async function findAppOf(
  { database }: Pick<Dependencies, "database">,
  accountId: string,
): Promise<string | null> {
  const [app] = await database.select({ id: apps.id }).from(apps).where(eq(apps.stripeAccountId, accountId));
  return app?.id ?? null;
}

async function fetchCharge({ stripe }: Dependencies, { accountId, chargeId }: Charge): Promise<unknown> {
  try {
    return await stripe.charges.retrieve(chargeId, {}, { stripeAccount: accountId });
  } catch (error) {
    const { kind } = classifyStripeError(error);
    if (kind === "refused" || kind === "no_access") return null;
    throw error;
  }
}
