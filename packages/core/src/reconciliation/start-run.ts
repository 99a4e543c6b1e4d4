import { apps, drifts, purchases, reconciliationRuns } from "@redress/database";
import { and, desc, eq, isNotNull, lte, min, notExists, or, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { insertRun } from "./insert-run.ts";
import { usualSince } from "./usual-since.ts";

/** How often the desk compares an account by itself. */
export const reconcileEveryMs = 60 * 60 * 1000;
/** Each run looks at this much of what the one before has seen: lists and clocks are not exact. */
const overlapMs = 60 * 60 * 1000;
/** What is younger is still on its way: its webhook is not late. */
const graceMs = 2 * 60 * 1000;

const keepQuietMs = 35 * 24 * 60 * 60 * 1000;

type StartDependencies = Pick<Dependencies, "database" | "clock" | "random">;

/**
 * Starts a run for each connected account that was not compared for an hour. An account that was just
 * connected is being imported, and waits as long.
 */
export async function startDueRuns(dependencies: StartDependencies): Promise<void> {
  const { database, clock } = dependencies;
  const due = new Date(clock.now().getTime() - reconcileEveryMs);
  const recent = database
    .select({ id: reconciliationRuns.id })
    .from(reconciliationRuns)
    .where(
      and(
        eq(reconciliationRuns.appId, apps.id),
        eq(reconciliationRuns.kind, "scheduled"),
        or(
          eq(reconciliationRuns.status, "running"),
          sql`${reconciliationRuns.startedAt} > ${due.toISOString()}::timestamptz`,
        ),
      ),
    );
  const waiting = await database
    .select({ id: apps.id, accountId: apps.stripeAccountId, connectedAt: apps.connectedAt })
    .from(apps)
    .where(and(isNotNull(apps.stripeAccountId), lte(apps.connectedAt, due), notExists(recent)));
  for (const { id, accountId, connectedAt } of waiting) {
    if (accountId !== null && connectedAt !== null) {
      await startScheduled(dependencies, { appId: id, accountId, connectedAt });
    }
  }
}

async function startScheduled(
  dependencies: StartDependencies,
  app: { appId: string; accountId: string; connectedAt: Date },
): Promise<void> {
  const { appId, accountId, connectedAt } = app;
  const [last] = await dependencies.database
    .select({ until: reconciliationRuns.until })
    .from(reconciliationRuns)
    .where(
      and(
        eq(reconciliationRuns.appId, appId),
        eq(reconciliationRuns.stripeAccountId, accountId),
        eq(reconciliationRuns.kind, "scheduled"),
        eq(reconciliationRuns.status, "done"),
      ),
    )
    .orderBy(desc(reconciliationRuns.startedAt))
    .limit(1);
  const now = dependencies.clock.now();
  const until = new Date(now.getTime() - graceMs);
  const from = last?.until ?? (await firstKnown(dependencies, { accountId, connectedAt }));
  const since = latest(new Date(from.getTime() - overlapMs), usualSince(now));
  await forgetQuietRuns(dependencies, appId);
  const run = { appId, accountId, kind: "scheduled", askedSince: null, since, until } as const;
  await insertRun(dependencies, run, null);
}

/**
 * When the desk first knew a purchase of the account, or connected it. One that was disconnected before its
 * first comparison has a gap from there on: no webhook came, and the import asks for charges and refunds, not
 * for what became of disputes.
 */
async function firstKnown(
  { database }: StartDependencies,
  { accountId, connectedAt }: { accountId: string; connectedAt: Date },
): Promise<Date> {
  const [known] = await database
    .select({ at: min(purchases.createdAt) })
    .from(purchases)
    .where(eq(purchases.stripeAccountId, accountId));
  return known?.at && known.at < connectedAt ? known.at : connectedAt;
}

function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}

/** Runs that found nothing are of no interest for longer. */
async function forgetQuietRuns({ database, clock }: StartDependencies, appId: string): Promise<void> {
  const old = new Date(clock.now().getTime() - keepQuietMs);
  const found = database
    .select({ id: drifts.id })
    .from(drifts)
    .where(eq(drifts.runId, reconciliationRuns.id));
  await database
    .delete(reconciliationRuns)
    .where(
      and(eq(reconciliationRuns.appId, appId), lte(reconciliationRuns.finishedAt, old), notExists(found)),
    );
}
