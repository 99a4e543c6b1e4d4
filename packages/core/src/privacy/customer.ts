import { purchases, type Queryable, refunds } from "@redress/database";
import { and, asc, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import { readAppRow } from "../apps/get-app.ts";
import type { SecretBox } from "../dependencies.ts";
import { RedressError } from "../errors.ts";

/** Whose data is meant: everybody with this address or id, of one app or of all. */
export interface CustomerQuery {
  readonly email?: string | undefined;
  /** Stripe's id of the customer, or the app's own. */
  readonly customerId?: string | undefined;
  readonly appSlug?: string | undefined;
}

type PurchaseRow = typeof purchases.$inferSelect;
type RefundRow = typeof refunds.$inferSelect;

/** What the desk has of a customer, and the words that name them wherever they stand. */
export interface Customer {
  readonly purchases: readonly PurchaseRow[];
  readonly refunds: readonly RefundRow[];
  /** Addresses and names, in lower case. */
  readonly words: readonly string[];
}

/**
 * @param lock holds the purchases until the transaction ends, in the order in which everybody locks several
 * @throws RedressError `app_not_found`; `invalid_input` where nobody is named
 */
export async function findCustomer(
  database: Queryable,
  query: CustomerQuery,
  lock: "lock" | "look",
): Promise<Customer> {
  const found = database
    .select()
    .from(purchases)
    .where(await conditionOf(database, query))
    .orderBy(asc(purchases.id));
  const bought = await (lock === "lock" ? found.for("update") : found);
  const ids = bought.map(({ id }) => id);
  const refunded =
    ids.length === 0 ? [] : await database.select().from(refunds).where(inArray(refunds.purchaseId, ids));
  const named = bought.flatMap(({ customerEmail, customerName }) => [customerEmail, customerName]);
  const words = [query.email ?? null, ...named].flatMap((word) => word?.trim().toLowerCase() || []);
  return { purchases: bought, refunds: refunded, words: [...new Set(words)] };
}

async function conditionOf(database: Queryable, query: CustomerQuery): Promise<SQL | undefined> {
  const { email, customerId, appSlug } = query;
  if (email === undefined && customerId === undefined) {
    throw new RedressError("invalid_input", "Say whose data is meant: an e-mail address or a customer's id.");
  }
  return and(
    appSlug === undefined ? undefined : eq(purchases.appId, (await readAppRow(database, appSlug)).id),
    or(
      email === undefined
        ? undefined
        : eq(sql`lower(${purchases.customerEmail})`, email.trim().toLowerCase()),
      customerId === undefined ? undefined : eq(purchases.stripeCustomerId, customerId),
      customerId === undefined ? undefined : eq(purchases.appCustomerId, customerId),
    ),
  );
}

/** What stands for a customer after nothing else does: keyed, so that a list of addresses cannot be tried against it. */
export function fingerprintsOfCustomer(
  secrets: Pick<SecretBox, "fingerprints">,
  of: { accountId: string; email: string | null; stripeCustomerId: string | null },
): string[] {
  const { accountId, email, stripeCustomerId } = of;
  return [
    ...(email ? secrets.fingerprints(`erased:email:${accountId}:${email.trim().toLowerCase()}`) : []),
    ...(stripeCustomerId ? secrets.fingerprints(`erased:customer:${accountId}:${stripeCustomerId}`) : []),
  ];
}
