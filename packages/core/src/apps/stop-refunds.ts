import { apps, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import { resumeBlocked } from "../refunds/resume-refunds.ts";
import { isUncompared } from "../restore/restored-time.ts";
import type { AppView } from "./app-view.ts";
import { getApp, readAppRow } from "./get-app.ts";

/** Why refunds are stopped: everybody who works with the app reads it. */
export const stopReason = z.string().trim().min(1).max(500);

interface Switch {
  readonly slug: string;
  readonly actor: Extract<Actor, { kind: "operator" | "system" }>;
  readonly correlationId: string;
}

/**
 * Sets the app's stop switch. Once this has returned, no intention to create a refund at Stripe is committed for
 * the app any more; a call whose intention was committed before may still be on its way. Approved refunds wait,
 * nothing new can be asked for, and calls of unknown outcome are only looked for. Stopping twice keeps the first.
 *
 * @throws RedressError `app_not_found`, `invalid_input`
 */
export async function stopRefunds(
  dependencies: Dependencies,
  input: Switch & { reason: string },
): Promise<AppView> {
  const reason = parseInput(stopReason, input.reason);
  await dependencies.database.transaction((transaction) =>
    stopRefundsOf(dependencies, transaction, { ...input, reason }),
  );
  return getApp(dependencies, { slug: input.slug });
}

/** The same in the caller's transaction. @returns false when it was set before */
export async function stopRefundsOf(
  dependencies: Dependencies,
  transaction: Transaction,
  input: Switch & { reason: string },
): Promise<boolean> {
  // This lock waits for every transaction that commits an intention by the switch as it was (`readApp`, shared).
  const app = await readAppRow(transaction, input.slug, { lock: true });
  if (app.refundsStoppedAt !== null) return false;
  const set = {
    refundsStoppedAt: dependencies.clock.now(),
    refundsStoppedBy: input.actor.id,
    refundsStoppedReason: input.reason,
  };
  await turn(dependencies, transaction, { ...input, appId: app.id, set, action: "refunds_stopped" });
  return true;
}

/**
 * Releases the app's stop switch: what waited is judged again at once, as after any other blockage. Releasing twice
 * changes nothing.
 *
 * @throws RedressError `app_not_found`; `invalid_input` when the app was not compared since a restore
 */
export async function releaseRefunds(dependencies: Dependencies, input: Switch): Promise<AppView> {
  const appId = await dependencies.database.transaction(async (transaction) => {
    const app = await readAppRow(transaction, input.slug, { lock: true });
    if (app.refundsStoppedAt !== null) {
      await requireCompared(transaction, app);
      const set = { refundsStoppedAt: null, refundsStoppedBy: null, refundsStoppedReason: null };
      await turn(dependencies, transaction, { ...input, appId: app.id, set, action: "refunds_released" });
    }
    return app.id;
  });
  await resumeBlocked(dependencies, { appId, correlationId: input.correlationId });
  return getApp(dependencies, { slug: input.slug });
}

async function requireCompared(transaction: Transaction, app: { id: string; name: string }): Promise<void> {
  if (!(await isUncompared(transaction, app.id))) return;
  throw new RedressError(
    "invalid_input",
    `The database was restored from a backup, and ${app.name} was not compared with Stripe since: it might pay again what is paid. Run redress reconcile --after-restore first, with the app connected.`,
  );
}

async function turn(
  dependencies: Dependencies,
  transaction: Transaction,
  {
    actor,
    correlationId,
    appId,
    set,
    action,
  }: Switch & {
    appId: string;
    set: Pick<typeof apps.$inferSelect, "refundsStoppedAt" | "refundsStoppedBy" | "refundsStoppedReason">;
    action: "refunds_stopped" | "refunds_released";
  },
): Promise<void> {
  await transaction
    .update(apps)
    .set({ ...set, updatedAt: dependencies.clock.now() })
    .where(eq(apps.id, appId));
  const { refundsStoppedReason: reason } = set;
  await recordAudit(dependencies, transaction, {
    actor,
    action,
    correlationId,
    appId,
    before: { refundsStopped: action === "refunds_released" },
    after: { refundsStopped: action === "refunds_stopped" },
    ...(reason === null ? {} : { details: { reason } }),
  });
}
