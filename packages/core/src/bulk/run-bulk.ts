import { bulkRefunds } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { readApp } from "../refunds/refund-row.ts";
import { type BulkRun, Crew } from "./crew.ts";

export type { BulkRun } from "./crew.ts";

/**
 * Works at an approved list for a while, at the pace that Stripe allows the account and that all processes of this
 * desk keep together. Any number of processes may work at one list. When one is killed, its lines either have a
 * refund, which the sweep goes on with, or are taken by whoever runs the list next.
 *
 * @returns `over`: nothing is left to do here
 */
export async function runBulk(dependencies: Dependencies, run: BulkRun): Promise<{ over: boolean }> {
  const [list] = await dependencies.database
    .select({ appId: bulkRefunds.appId, status: bulkRefunds.status })
    .from(bulkRefunds)
    .where(eq(bulkRefunds.id, run.bulkRefundId));
  if (list?.status !== "running") return { over: true };
  const { stripeAccountId } = await readApp(dependencies.database, list.appId);
  const worked = { workedAt: dependencies.clock.now() };
  await dependencies.database.update(bulkRefunds).set(worked).where(eq(bulkRefunds.id, run.bulkRefundId));
  const crew = new Crew(dependencies, run, { appId: list.appId, accountId: stripeAccountId ?? "none" });
  await crew.work();
  if (crew.error !== null) throw crew.error;
  return { over: crew.over };
}
