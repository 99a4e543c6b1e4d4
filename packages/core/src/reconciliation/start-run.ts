import { apps, drifts, reconciliationRuns } from "@redress/database";
import { and, asc, desc, eq, isNotNull, lte, notExists, or, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import type { RunRow } from "./run.ts";

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
  const until = new Date(dependencies.clock.now().getTime() - graceMs);
  const since = new Date((last?.until ?? connectedAt).getTime() - overlapMs);
  await forgetQuietRuns(dependencies, appId);
  await insertRun(dependencies, { appId, accountId, kind: "scheduled", askedSince: null, since, until });
}

/** Hourly runs that found nothing are of no interest for longer. */
async function forgetQuietRuns({ database, clock }: StartDependencies, appId: string): Promise<void> {
  const old = new Date(clock.now().getTime() - keepQuietMs);
  const found = database
    .select({ id: drifts.id })
    .from(drifts)
    .where(eq(drifts.runId, reconciliationRuns.id));
  await database
    .delete(reconciliationRuns)
    .where(
      and(
        eq(reconciliationRuns.appId, appId),
        eq(reconciliationRuns.kind, "scheduled"),
        lte(reconciliationRuns.finishedAt, old),
        notExists(found),
      ),
    );
}

export type ComparedApp = Pick<typeof apps.$inferSelect, "id" | "slug" | "name" | "stripeAccountId">;

/** Every app with the account that it can be compared with, by slug. */
export function comparedApps({ database }: Pick<Dependencies, "database">): Promise<ComparedApp[]> {
  const { id, slug, name, stripeAccountId } = apps;
  return database.select({ id, slug, name, stripeAccountId }).from(apps).orderBy(asc(slug));
}

/**
 * Starts the run that a person asked for, or goes on with the one that was interrupted: the same question
 * is the same run until it has ended.
 *
 * @throws RedressError `app_not_connected`; `invalid_input` when `since` is in the future
 */
export async function startAskedRun(
  dependencies: StartDependencies,
  input: { app: Omit<ComparedApp, "slug">; since: Date },
): Promise<{ runId: string; resumed: boolean }> {
  const { app, since } = input;
  const now = dependencies.clock.now();
  if (since > now) {
    throw new RedressError(
      "invalid_input",
      `${since.toISOString()} is in the future. Give a date that is past.`,
    );
  }
  const accountId = app.stripeAccountId;
  if (accountId === null) {
    throw new RedressError(
      "app_not_connected",
      `${app.name} is not connected to Stripe, so there is nothing to compare with. Connect it in the settings first.`,
    );
  }
  const [interrupted] = await dependencies.database
    .select({ id: reconciliationRuns.id })
    .from(reconciliationRuns)
    .where(
      and(
        eq(reconciliationRuns.appId, app.id),
        eq(reconciliationRuns.stripeAccountId, accountId),
        eq(reconciliationRuns.askedSince, since),
        eq(reconciliationRuns.status, "running"),
      ),
    )
    .limit(1);
  if (interrupted) return { runId: interrupted.id, resumed: true };
  const asked = { appId: app.id, accountId, kind: "asked", askedSince: since, since, until: now } as const;
  const run = await insertRun(dependencies, asked);
  if (!run) throw new Error("the database answered an insert without its row");
  return { runId: run.id, resumed: false };
}

async function insertRun(
  dependencies: StartDependencies,
  run: Pick<RunRow, "appId" | "kind" | "askedSince" | "since" | "until"> & { accountId: string },
): Promise<RunRow | undefined> {
  const now = dependencies.clock.now();
  const { accountId, ...values } = run;
  const [row] = await dependencies.database
    .insert(reconciliationRuns)
    .values({
      ...values,
      id: newId(dependencies.random, "reconciliation"),
      stripeAccountId: accountId,
      status: "running",
      phase: "list_refunds",
      nextAttemptAt: now,
      startedAt: now,
      updatedAt: now,
    })
    // Two processes that start it at once start one.
    .onConflictDoNothing()
    .returning();
  return row;
}
