import type { purchases, Queryable } from "@redress/database";
import { sql } from "drizzle-orm";

type Row = Pick<
  typeof purchases.$inferSelect,
  "id" | "appId" | "customerEmail" | "stripeCustomerId" | "appCustomerId"
>;
type Ids = Pick<Row, "stripeCustomerId" | "appCustomerId">;

/** Looked at of one address: who shares it with more cannot be told apart by counting. */
const mostOfAddress = 200;

/**
 * How many other customers of the same app bought under the e-mail address of each purchase. Who they are is told by
 * the customer's id, in the app or at Stripe; purchases that have neither count as one customer more, since nobody
 * knows whose they are.
 *
 * @returns by the purchase's id
 */
export async function countOthersWithEmail(
  database: Queryable,
  rows: readonly Row[],
): Promise<Map<string, number>> {
  const addresses = new Map(rows.flatMap((row) => (row.customerEmail ? [[keyOf(row), row] as const] : [])));
  if (addresses.size === 0) return new Map();
  const asked = [...addresses.values()];
  const appIds = sql.param(asked.map(({ appId }) => appId));
  const emails = sql.param(asked.map(({ customerEmail }) => customerEmail?.toLowerCase()));
  const { rows: known } = await database.execute<{ key: string; stripe: string | null; app: string | null }>(
    sql`select asked.app_id || ' ' || asked.email as key, found.stripe, found.app
      from unnest(${appIds}::text[], ${emails}::text[]) as asked (app_id, email)
      cross join lateral (
        select distinct stripe_customer_id as stripe, app_customer_id as app from (
          select stripe_customer_id, app_customer_id from purchases
          where lower(customer_email) = asked.email and app_id = asked.app_id limit ${mostOfAddress}
        ) as looked_at
      ) as found`,
  );
  const byAddress = new Map<string, Ids[]>();
  for (const { key, stripe: stripeCustomerId, app: appCustomerId } of known) {
    byAddress.set(key, [...(byAddress.get(key) ?? []), { stripeCustomerId, appCustomerId }]);
  }
  return new Map(rows.map((row) => [row.id, countOthers(row, byAddress.get(keyOf(row)) ?? [])]));
}

const keyOf = ({ appId, customerEmail }: Row) => `${appId} ${customerEmail?.toLowerCase()}`;

/** Ids that stand together in a purchase are of one customer. */
function countOthers(own: Ids, all: readonly Ids[]): number {
  const groups: Set<string>[] = [];
  for (const ids of [own, ...all]) {
    const names = namesOf(ids);
    const touched = groups.filter((group) => names.some((name) => group.has(name)));
    const merged = new Set([...names, ...touched.flatMap((group) => [...group])]);
    groups.splice(0, groups.length, ...groups.filter((group) => !touched.includes(group)), merged);
  }
  return groups.length - 1;
}

function namesOf({ stripeCustomerId, appCustomerId }: Ids): string[] {
  const names = [
    ...(stripeCustomerId ? [`stripe ${stripeCustomerId}`] : []),
    ...(appCustomerId ? [`app ${appCustomerId}`] : []),
  ];
  return names.length === 0 ? ["nobody"] : names;
}
