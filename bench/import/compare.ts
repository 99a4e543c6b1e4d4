import { query } from "../database-server.ts";

/** Charges that have no purchase, and purchases beyond one of the same charge. */
export async function compareWithCharges(
  connectionString: string,
  { accountId, charges }: { accountId: string; charges: readonly string[] },
): Promise<{ missing: number; double: number }> {
  const rows = await query<{ charge: string }>(
    connectionString,
    "select stripe_charge_id as charge from purchases where stripe_account_id = $1",
    [accountId],
  );
  const found = new Set(rows.map(({ charge }) => charge));
  return {
    missing: charges.filter((charge) => !found.has(charge)).length,
    double: rows.length - found.size,
  };
}
