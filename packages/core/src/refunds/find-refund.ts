import { refunds } from "@redress/database";
import { eq, or } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

/**
 * Our id of a refund that a person named.
 *
 * @param name ours (`rfd_…`) or Stripe's (`re_…`)
 * @returns undefined when there is none
 */
export async function findRefund(
  { database }: Pick<Dependencies, "database">,
  name: string,
): Promise<string | undefined> {
  const [row] = await database
    .select({ id: refunds.id })
    .from(refunds)
    .where(or(eq(refunds.id, name), eq(refunds.stripeRefundId, name)))
    .limit(1);
  return row?.id;
}
