import { purchaseImports, type Transaction } from "@redress/database";
import { and, eq, sql } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { takeInStripeRefund } from "../refunds/take-in-stripe-refund.ts";
import { spendShare } from "../stripe/request-share.ts";
import { type ChargePage, fetchChargePage } from "./fetch-charge-page.ts";
import type { WindowHold } from "./hold-window.ts";
import { importDispute } from "./import-dispute.ts";
import { advanceWindow, type ClaimedWindow, countOpenWindows } from "./import-windows.ts";
import { takeInCharges } from "./take-in-charge.ts";

/** Whose doing an import's findings are. */
export const importActor = systemActor("purchase_import");

interface PageOptions {
  /** Charges asked of Stripe, at most 100. */
  readonly limit?: number;
  /** How many stretches are to be open at a time. */
  readonly parallel: number;
}

/**
 * Takes in the next page of a claimed stretch: its charges, their refunds and disputes. The charges, the place in the
 * list and the counts are committed together; where there are refunds, these come in between, so that a page that is
 * interrupted is taken in again, which changes nothing twice. The caller has taken one request of the share.
 *
 * @returns how many purchases were counted: none when another process was faster
 * @throws what Stripe's SDK throws, and nothing is written then
 */
export async function importPage(
  dependencies: Dependencies,
  hold: WindowHold,
  { limit, parallel }: PageOptions,
): Promise<number> {
  const page = await fetchChargePage(dependencies, hold, limit);
  if (page === null) return 0;
  await spendShare(dependencies, "import", page.requests - 1);
  const isPlain = page.refunds.length === 0 && page.disputed.length === 0;
  if (!isPlain && !(await takeInBeside(dependencies, hold, page))) return 0;
  const { window } = hold;
  return dependencies.database.transaction(async (transaction) => {
    if (isPlain) await takeInCharges(dependencies, transaction, { ...window, charges: page.charges });
    return advance(dependencies, transaction, { window, page, parallel });
  });
}

/**
 * Refunds and disputes are written to purchases that are there already.
 *
 * @returns false when the stretch became somebody else's meanwhile
 */
async function takeInBeside(
  dependencies: Dependencies,
  hold: WindowHold,
  { charges, refunds, disputed }: ChargePage,
): Promise<boolean> {
  const { accountId } = hold.window;
  const correlationId = newId(dependencies.random, "correlation");
  await dependencies.database.transaction((transaction) =>
    takeInCharges(dependencies, transaction, { ...hold.window, charges }),
  );
  for (const one of disputed) {
    if (!(await hold.keep())) return false;
    await importDispute(dependencies, { ...one, accountId, actor: importActor, correlationId });
  }
  for (const stripeRefund of refunds) {
    if (!(await hold.keep())) return false;
    await takeInStripeRefund(dependencies, { accountId, stripeRefund, source: "import", correlationId });
  }
  return hold.keep();
}

async function advance(
  dependencies: Dependencies,
  transaction: Transaction,
  { window, page, parallel }: { window: ClaimedWindow; page: ChargePage; parallel: number },
): Promise<number> {
  const isRunning = and(eq(purchaseImports.id, window.importId), eq(purchaseImports.status, "running"));
  // One at a time, so that new stretches get numbers of their own and the last one knows that it is.
  const locked = await transaction
    .select({ id: purchaseImports.id })
    .from(purchaseImports)
    .where(isRunning)
    .for("update");
  if (locked.length === 0 || !(await advanceWindow(transaction, window, { page, parallel }))) return 0;
  const now = dependencies.clock.now();
  const isOver = page.isLast && (await countOpenWindows(transaction, window.importId)) === 0;
  const [moved] = await transaction
    .update(purchaseImports)
    .set({
      pageCount: sql`${purchaseImports.pageCount} + 1`,
      chargeCount: sql`${purchaseImports.chargeCount} + ${page.listed}`,
      importedCount: sql`${purchaseImports.importedCount} + ${page.charges.length}`,
      error: null,
      updatedAt: now,
      ...(isOver && { status: "done" as const, finishedAt: now }),
    })
    .where(isRunning)
    .returning({ count: purchaseImports.importedCount });
  if (isOver && moved) {
    await recordAudit(dependencies, transaction, {
      actor: importActor,
      action: "purchases_imported",
      correlationId: newId(dependencies.random, "correlation"),
      appId: window.appId,
      details: { stripeAccountId: window.accountId, count: moved.count },
    });
  }
  return page.charges.length;
}
