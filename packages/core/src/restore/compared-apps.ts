import { apps, refunds, restoreApps } from "@redress/database";
import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { ComparedApp } from "../reconciliation/start-asked-run.ts";

/** The apps of a restore that were not compared with Stripe yet. */
export async function uncomparedApps(
  { database }: Pick<Dependencies, "database">,
  { restoreId }: { restoreId: string },
): Promise<ComparedApp[]> {
  return database
    .select({ id: apps.id, slug: apps.slug, name: apps.name, stripeAccountId: apps.stripeAccountId })
    .from(restoreApps)
    .innerJoin(apps, eq(apps.id, restoreApps.appId))
    .where(and(eq(restoreApps.restoreId, restoreId), isNull(restoreApps.comparedAt)))
    .orderBy(asc(apps.slug));
}

/** Notes that the app's books are Stripe's again: a person may let its refunds run. */
export async function markCompared(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  { restoreId, appId }: { restoreId: string; appId: string },
): Promise<void> {
  await database
    .update(restoreApps)
    .set({ comparedAt: clock.now() })
    .where(and(eq(restoreApps.restoreId, restoreId), eq(restoreApps.appId, appId)));
}

/** A refund that would be sent once refunds run again. */
export interface WaitingRefund {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: (typeof refunds.$inferSelect)["status"];
  /** A refund of the same amount of its purchase that was made in the lost time for a request that is lost. */
  readonly looksLike: string | null;
}

/** What Stripe has no refund of, and would be sent: approved before the backup, as far as it knows. */
export async function waitingRefunds(
  { database }: Pick<Dependencies, "database">,
  { appId }: { appId: string },
): Promise<WaitingRefund[]> {
  const looksLike = sql<string | null>`(
    select lost.stripe_refund_id from refunds as lost
     where lost.purchase_id = refunds.purchase_id and lost.amount = refunds.amount
       and lost.lost_refund_id is not null and lost.status not in ('failed', 'canceled')
     order by lost.id limit 1)`;
  const { id, amount, currency, status } = refunds;
  return database
    .select({ id, amount, currency, status, looksLike })
    .from(refunds)
    .where(and(eq(refunds.appId, appId), inArray(refunds.status, ["approved", "executing", "blocked"])))
    .orderBy(asc(refunds.requestedAt), asc(refunds.id));
}
