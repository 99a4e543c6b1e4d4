import { apps, reconciliationRuns, refunds } from "@redress/database";
import { and, asc, eq, isNull } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { refundNotFound } from "../refunds/refund-row.ts";
import { insertRun } from "./insert-run.ts";

type StartDependencies = Pick<Dependencies, "database" | "clock" | "random">;
export type ComparedApp = Pick<typeof apps.$inferSelect, "id" | "slug" | "name" | "stripeAccountId">;

/** A run that a person asked for. */
export interface AskedRun {
  readonly runId: string;
  /** It was running already: the same question is the same run until it has ended. */
  readonly resumed: boolean;
}

/** Every app with the account that it can be compared with, by slug. */
export function comparedApps({ database }: Pick<Dependencies, "database">): Promise<ComparedApp[]> {
  const { id, slug, name, stripeAccountId } = apps;
  return database.select({ id, slug, name, stripeAccountId }).from(apps).orderBy(asc(slug));
}

/**
 * Starts the run that a person asked for, or goes on with the one that was interrupted.
 *
 * @throws RedressError `app_not_connected`; `invalid_input` when `since` is in the future
 */
export async function startAskedRun(
  dependencies: StartDependencies,
  input: { app: Omit<ComparedApp, "slug">; since: Date; askedBy: Actor },
): Promise<AskedRun> {
  const { app, since } = input;
  const now = dependencies.clock.now();
  if (since > now) {
    throw new RedressError(
      "invalid_input",
      `${since.toISOString()} is in the future. Give a date that is past.`,
    );
  }
  const accountId = app.stripeAccountId;
  if (accountId === null) throw notConnected(app.name);
  const running = () =>
    findRunning(dependencies, and(isOf(app.id, accountId), eq(reconciliationRuns.askedSince, since)));
  const interrupted = await running();
  if (interrupted !== undefined) return { runId: interrupted, resumed: true };
  const asked = { appId: app.id, accountId, kind: "asked", askedSince: since, since, until: now } as const;
  const run = await insertRun(dependencies, asked, input.askedBy);
  if (run) return { runId: run.id, resumed: false };
  // Somebody asked the same at the same moment.
  const other = await running();
  if (other === undefined) return startAskedRun(dependencies, input);
  return { runId: other, resumed: true };
}

/**
 * Starts a run about one refund and the others of its charge.
 *
 * @throws RedressError `refund_not_found`; `app_not_connected` when its account cannot be asked
 */
export async function startRefundRun(
  dependencies: StartDependencies,
  input: { refundId: string; askedBy: Actor },
): Promise<AskedRun> {
  const [found] = await dependencies.database
    .select({ refund: refunds, app: apps })
    .from(refunds)
    .innerJoin(apps, eq(apps.id, refunds.appId))
    .where(eq(refunds.id, input.refundId));
  if (!found) throw refundNotFound(input.refundId);
  const { refund, app } = found;
  if (app.stripeAccountId !== refund.stripeAccountId) throw notConnected(app.name, refund.stripeAccountId);
  const { id: refundId, appId, stripeAccountId: accountId } = refund;
  const interrupted = await findRunning(dependencies, eq(reconciliationRuns.refundId, refundId));
  if (interrupted !== undefined) return { runId: interrupted, resumed: true };
  const until = dependencies.clock.now();
  // Stripe's clock may be ahead of ours.
  const since = new Date(Math.min(refund.requestedAt.getTime(), until.getTime()));
  const asked = { appId, accountId, kind: "asked", askedSince: null, since, until, refundId } as const;
  const run = await insertRun(dependencies, asked, input.askedBy);
  if (!run) throw new Error("the database answered an insert without its row");
  return { runId: run.id, resumed: false };
}

async function findRunning(
  { database }: StartDependencies,
  condition: ReturnType<typeof and>,
): Promise<string | undefined> {
  const [run] = await database
    .select({ id: reconciliationRuns.id })
    .from(reconciliationRuns)
    .where(and(eq(reconciliationRuns.status, "running"), condition))
    .limit(1);
  return run?.id;
}

function isOf(appId: string, accountId: string) {
  return and(
    eq(reconciliationRuns.appId, appId),
    eq(reconciliationRuns.stripeAccountId, accountId),
    isNull(reconciliationRuns.refundId),
  );
}

function notConnected(appName: string, accountId?: string): RedressError {
  return new RedressError(
    "app_not_connected",
    accountId === undefined
      ? `${appName} is not connected to Stripe, so there is nothing to compare with. Connect it in the settings first.`
      : `${appName} is not connected to ${accountId}, the Stripe account that this refund is on, so it cannot be asked. Connect that account in the settings first.`,
  );
}
