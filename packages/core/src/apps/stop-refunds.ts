import { apps, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { parseInput } from "../parse-input.ts";
import { resumeBlocked } from "../refunds/resume-refunds.ts";
import type { AppView } from "./app-view.ts";
import { getApp, readAppRow } from "./get-app.ts";

/** Why refunds are stopped: everybody who works with the app reads it. */
export const stopReason = z.string().trim().min(1).max(500);

interface Switch {
  readonly slug: string;
  readonly actor: Extract<Actor, { kind: "operator" }>;
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
  await dependencies.database.transaction(async (transaction) => {
    // This lock waits for every transaction that commits an intention by the switch as it was (`readApp`, shared).
    const app = await readAppRow(transaction, input.slug, { lock: true });
    if (app.refundsStoppedAt !== null) return;
    const set = {
      refundsStoppedAt: dependencies.clock.now(),
      refundsStoppedBy: input.actor.id,
      refundsStoppedReason: reason,
    };
    await turn(dependencies, transaction, { ...input, appId: app.id, set, action: "refunds_stopped" });
  });
  return getApp(dependencies, { slug: input.slug });
}

/**
 * Releases the app's stop switch: what waited is judged again at once, as after any other blockage. Releasing twice
 * changes nothing.
 *
 * @throws RedressError `app_not_found`
 */
export async function releaseRefunds(dependencies: Dependencies, input: Switch): Promise<AppView> {
  const appId = await dependencies.database.transaction(async (transaction) => {
    const app = await readAppRow(transaction, input.slug, { lock: true });
    if (app.refundsStoppedAt !== null) {
      const set = { refundsStoppedAt: null, refundsStoppedBy: null, refundsStoppedReason: null };
      await turn(dependencies, transaction, { ...input, appId: app.id, set, action: "refunds_released" });
    }
    return app.id;
  });
  await resumeBlocked(dependencies, { appId, correlationId: input.correlationId });
  return getApp(dependencies, { slug: input.slug });
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
