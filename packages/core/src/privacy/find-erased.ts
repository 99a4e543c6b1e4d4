import { erasedCustomers, type Transaction } from "@redress/database";
import { inArray } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { ChargeFacts } from "../purchases/read-charge.ts";
import { fingerprintsOfCustomer } from "./customer.ts";

/**
 * Which charges are of somebody who was erased after them, and since when: an import may find what the desk did not have
 * when it forgot them.
 *
 * @returns by the charge's id
 */
export async function findErased(
  { secrets }: Pick<Dependencies, "secrets">,
  transaction: Transaction,
  input: { appId: string; accountId: string; charges: readonly ChargeFacts[] },
): Promise<ReadonlyMap<string, Date>> {
  const { appId, accountId, charges } = input;
  const known = charges.map(({ stripeChargeId, customerEmail: email, stripeCustomerId, purchasedAt }) => {
    const fingerprints = fingerprintsOfCustomer(secrets, { appId, accountId, email, stripeCustomerId });
    return { stripeChargeId, purchasedAt, fingerprints };
  });
  const all = known.flatMap(({ fingerprints }) => fingerprints);
  if (all.length === 0) return new Map();
  const rows = await transaction
    .select()
    .from(erasedCustomers)
    .where(inArray(erasedCustomers.fingerprint, all));
  const since = new Map(rows.map(({ fingerprint, erasedAt }) => [fingerprint, erasedAt]));
  const erased = new Map<string, Date>();
  for (const { stripeChargeId, purchasedAt, fingerprints } of known) {
    for (const fingerprint of fingerprints) {
      const at = since.get(fingerprint);
      if (at !== undefined && at >= purchasedAt) erased.set(stripeChargeId, at);
    }
  }
  return erased;
}
