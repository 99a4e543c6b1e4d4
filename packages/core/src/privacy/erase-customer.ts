import { apps, erasedCustomers, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Customer, type CustomerQuery, findCustomer, fingerprintsOfCustomer } from "./customer.ts";
import { findMentions, type Mention } from "./find-mentions.ts";
import { type Removed, removePersonal } from "./remove-personal.ts";

type EraseDependencies = Pick<Dependencies, "database" | "clock" | "random" | "secrets" | "origin">;

export interface Erasure {
  readonly purchases: number;
  /** Rows that lost something, by table. */
  readonly removed: Removed;
  /** Where the customer is named all the same: people's own texts, to be looked at by a person. */
  readonly mentions: readonly Mention[];
}

/**
 * Removes what is personal of a customer: of purchases, notes, comments, stored events, messages and lists. What was refunded,
 * when and by whose decision stays, and so does the audit log, which holds salted hashes alone; their salt is replaced.
 *
 * @param input.really false: does it all, says what that was, and takes it back
 * @throws RedressError `app_not_found`, `invalid_input`
 */
export async function eraseCustomer(
  dependencies: EraseDependencies,
  input: { query: CustomerQuery; actor: Actor; correlationId: string; really: boolean },
): Promise<Erasure> {
  const undone = new Undone();
  let erasure: Erasure = { purchases: 0, removed: {}, mentions: [] };
  try {
    await dependencies.database.transaction(async (transaction) => {
      const customer = await findCustomer(transaction, input.query, "lock");
      const removed = await removePersonal(dependencies, transaction, customer);
      await remember(dependencies, transaction, { customer, query: input.query });
      await audit(dependencies, transaction, { ...input, customer, removed });
      const mentions = await findMentions(transaction, customer.words);
      erasure = { purchases: customer.purchases.length, removed, mentions };
      if (!input.really) throw undone;
    });
  } catch (error) {
    if (error !== undone) throw error;
  }
  return erasure;
}

class Undone extends Error {}

/** Whoever is to be forgotten by their address is forgotten also where the desk has nothing of them yet. */
async function remember(
  { secrets, clock }: EraseDependencies,
  transaction: Transaction,
  { customer, query }: { customer: Customer; query: CustomerQuery },
): Promise<void> {
  const meant = await transaction
    .select({ accountId: apps.stripeAccountId })
    .from(apps)
    .where(query.appSlug === undefined ? undefined : eq(apps.slug, query.appSlug));
  const ofAccounts = meant.flatMap(({ accountId }) => {
    if (accountId === null) return [];
    const stripeCustomerId = query.customerId?.startsWith("cus_") ? query.customerId : null;
    return [{ accountId, email: query.email ?? null, stripeCustomerId }];
  });
  const ofPurchases = customer.purchases.map(({ stripeAccountId, stripeCustomerId, customerEmail }) => ({
    ...{ accountId: stripeAccountId, stripeCustomerId, email: customerEmail },
  }));
  const all = [...ofAccounts, ...ofPurchases].flatMap((of) => fingerprintsOfCustomer(secrets, of));
  const erasedAt = clock.now();
  const rows = [...new Set(all)].map((fingerprint) => ({ fingerprint, erasedAt }));
  if (rows.length === 0) return;
  await transaction
    .insert(erasedCustomers)
    .values(rows)
    .onConflictDoUpdate({ target: erasedCustomers.fingerprint, set: { erasedAt } });
}

async function audit(
  dependencies: EraseDependencies,
  transaction: Transaction,
  given: { actor: Actor; correlationId: string; customer: Customer; removed: Removed },
): Promise<void> {
  const { actor, correlationId, customer, removed } = given;
  const common = { actor, action: "customer_erased", correlationId } as const;
  await recordAudit(dependencies, transaction, {
    ...common,
    details: { purchases: customer.purchases.length, removed },
  });
  for (const { id: purchaseId, appId } of customer.purchases) {
    await recordAudit(dependencies, transaction, { ...common, appId, purchaseId });
  }
}
