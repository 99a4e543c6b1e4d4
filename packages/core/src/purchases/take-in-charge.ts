import { purchases, type Transaction } from "@redress/database";
import { and, eq, getTableColumns, inArray, type SQL, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { findErased } from "../privacy/find-erased.ts";
import { type ChargeFacts, readCharge } from "./read-charge.ts";

/**
 * Makes a charge a purchase, or brings the purchase up to date. Running it again, or with an older snapshot,
 * changes nothing for the worse: what an app reported stays, and the captured amount only grows.
 *
 * @returns null, and nothing written, for a charge that took no money
 */
export async function takeInCharge(
  dependencies: Pick<Dependencies, "clock" | "random" | "secrets">,
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
  dependencies: Pick<Dependencies, "clock" | "random" | "secrets">,
  transaction: Transaction,
  input: { appId: string; accountId: string; charges: readonly ChargeFacts[] },
): Promise<{ purchaseId: string; created: boolean }[]> {
  if (input.charges.length === 0) return [];
  const now = dependencies.clock.now();
  const erased = await findErased(dependencies, transaction, input);
  const rows = input.charges.map((facts) => ({
    ...facts,
    id: newId(dependencies.random, "purchase"),
    appId: input.appId,
    stripeAccountId: input.accountId,
    appCustomerId: null,
    personalSalt: Buffer.from(dependencies.random.bytes(16)).toString("hex"),
    disputeStatus: null,
    disputeDueAt: null,
    refundsBlockedByDispute: false,
    erasedAt: erased.get(facts.stripeChargeId) ?? null,
    access: "granted" as const,
    lastSequence: 0,
    createdAt: now,
    updatedAt: now,
  }));
  if (rows.length > 1) await lockKnown(transaction, input);
  const written = await transaction
    .insert(purchases)
    .select(selectRows(rows))
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

/** In the order of their ids, as everybody locks several: a list that is refunded meanwhile may hold some of them. */
async function lockKnown(
  transaction: Transaction,
  { accountId, charges }: { accountId: string; charges: readonly ChargeFacts[] },
): Promise<void> {
  const chargeIds = charges.map(({ stripeChargeId }) => stripeChargeId);
  await transaction
    .select({ id: purchases.id })
    .from(purchases)
    .where(and(eq(purchases.stripeAccountId, accountId), inArray(purchases.stripeChargeId, chargeIds)))
    .orderBy(purchases.id)
    .for("update");
}

const columns = Object.entries(getTableColumns(purchases));

/** All rows as one parameter: a statement with thousands of them takes longer to write than to run. */
function selectRows(rows: readonly (typeof purchases.$inferSelect)[]): SQL {
  const records = rows.map((row) => {
    const values: Readonly<Record<string, unknown>> = row;
    return Object.fromEntries(columns.map(([key, { name }]) => [name, values[key]]));
  });
  const names = sql.join(
    columns.map(([, { name }]) => sql.identifier(name)),
    sql`, `,
  );
  return sql`select ${names} from json_populate_recordset(null::purchases, ${JSON.stringify(records, wellFormed)}::json)`;
}

/** Texts that were cut in the middle of a character, which PostgreSQL takes in no JSON, get U+FFFD there. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? Buffer.from(value).toString() : value;
}
