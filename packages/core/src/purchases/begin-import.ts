import { purchaseImports, purchaseImportWindows, type Transaction } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../outbox/enqueue.ts";

type StartDependencies = Pick<Dependencies, "clock" | "random">;

/**
 * Begins the import of an account's charges in the caller's transaction, with the message that starts the work. An
 * import of the app that still runs is stopped. Call `dependencies.wakeOutbox()` after the commit.
 *
 * @returns the import's id
 */
export async function beginImport(
  dependencies: StartDependencies,
  transaction: Transaction,
  { appId, accountId }: { appId: string; accountId: string },
): Promise<string> {
  await stopImport(dependencies, transaction, { appId, why: "Another import took its place." });
  const id = newId(dependencies.random, "purchaseImport");
  const now = dependencies.clock.now();
  await transaction.insert(purchaseImports).values({
    id,
    appId,
    stripeAccountId: accountId,
    status: "running",
    startedAt: now,
    updatedAt: now,
  });
  await transaction.insert(purchaseImportWindows).values({ importId: id, number: 1 });
  await enqueue(dependencies, transaction, {
    name: "purchases/import.requested",
    factKey: `purchases.import:${id}`,
    data: { appId },
  });
  return id;
}

/** Ends what runs of an app's import, in the caller's transaction; what was taken in stays. */
export async function stopImport(
  { clock }: Pick<Dependencies, "clock">,
  transaction: Transaction,
  { appId, why }: { appId: string; why: string },
): Promise<void> {
  const now = clock.now();
  await transaction
    .update(purchaseImports)
    .set({ status: "stopped", error: why, updatedAt: now, finishedAt: now })
    .where(and(eq(purchaseImports.appId, appId), eq(purchaseImports.status, "running")));
}
