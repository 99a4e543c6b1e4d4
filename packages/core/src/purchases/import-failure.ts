import { purchaseImports } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { clearConnection } from "../connect/clear-connection.ts";
import { confirmNoAccess } from "../connect/confirm-access.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { readApp } from "../refunds/refund-row.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { importActor } from "./import-page.ts";
import type { ClaimedWindow } from "./import-windows.ts";

/**
 * What an error of Stripe's means for an import: refused for good, it has failed, with the reason, and an account that
 * is lost is disconnected. Anything else is for another time.
 *
 * @returns milliseconds after which to try again, where Stripe said so; null where it did not; `over` for good
 */
export async function judgeImportFailure(
  dependencies: Dependencies,
  window: ClaimedWindow,
  error: unknown,
): Promise<{ retryAfterMs: number | null } | "over"> {
  const outcome = classifyStripeError(error);
  const { accountId, appId, importId } = window;
  const lost =
    outcome.kind === "no_access" && (await confirmNoAccess(dependencies, { accountId })) === "lost";
  if (!lost && outcome.kind !== "refused") {
    await noteTry(dependencies, importId, outcome.message);
    return { retryAfterMs: outcome.kind === "later" ? outcome.retryAfterMs : null };
  }
  await fail(dependencies, window, { message: outcome.message, lost });
  dependencies.logger.warn(
    { appId, stripeCode: outcome.stripeCode },
    "Stripe refused the import of charges.",
  );
  return "over";
}

const isRunning = (importId: string) =>
  and(eq(purchaseImports.id, importId), eq(purchaseImports.status, "running"));

async function noteTry({ database }: Dependencies, importId: string, error: string): Promise<void> {
  await database.update(purchaseImports).set({ error }).where(isRunning(importId));
}

async function fail(
  dependencies: Dependencies,
  { accountId, appId, importId }: ClaimedWindow,
  { message, lost }: { message: string; lost: boolean },
): Promise<void> {
  const now = dependencies.clock.now();
  await dependencies.database.transaction(async (transaction) => {
    const { connectedAt } = await readApp(transaction, appId);
    const failed = await transaction
      .update(purchaseImports)
      .set({ status: "failed", error: message, updatedAt: now, finishedAt: now })
      .where(isRunning(importId))
      .returning({ id: purchaseImports.id });
    // An import that another one took the place of says nothing about the connection of now.
    if (!lost || connectedAt === null || failed.length === 0) return;
    await clearConnection(dependencies, transaction, {
      accountId,
      connectedAt,
      reason: "access_lost",
      actor: importActor,
      correlationId: newId(dependencies.random, "correlation"),
    });
  });
}
