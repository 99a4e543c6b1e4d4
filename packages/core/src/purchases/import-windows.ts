import { purchaseImports, purchaseImportWindows, type Transaction } from "@redress/database";
import { and, count, eq, isNull, max, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

type WindowRow = typeof purchaseImportWindows.$inferSelect;

/** A stretch of an import that the caller alone lists, until its lease ends. */
export interface ClaimedWindow extends WindowRow {
  readonly appId: string;
  readonly accountId: string;
  readonly importStartedAt: Date;
  readonly leaseUntil: Date;
}

/** What a page brought: where the list goes on, or that it has come to its end. */
export interface PageEnd {
  readonly cursor: string | null;
  /** When the oldest and the newest charge of the page were made; null for an empty one. */
  readonly span: { readonly oldest: Date; readonly newest: Date } | null;
  readonly isLast: boolean;
}

/** Longer than one request of 15 seconds. What a killed process had is waited for so long. */
const leaseMs = 30_000;
/** With less than this left a lease is lengthened, so that it outlasts the next request. */
const shortLeaseMs = 20_000;
/** Stripe is younger. */
const beforeStripe = Date.UTC(2010, 0, 1);
const second = 1_000;

/**
 * Takes a stretch that nobody lists now.
 *
 * @returns `busy` when others have all that is left, `over` when the import has ended
 */
export async function claimWindow(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  importId: string,
): Promise<ClaimedWindow | "busy" | "over"> {
  const now = clock.now();
  const leaseUntil = new Date(now.getTime() + leaseMs);
  const [head] = await database.select().from(purchaseImports).where(eq(purchaseImports.id, importId));
  if (head?.status !== "running") return "over";
  const free = sql`select number from purchase_import_windows
    where import_id = ${importId} and not is_done
      and (lease_until is null or lease_until <= ${now.toISOString()}::timestamptz)
    order by number limit 1 for update skip locked`;
  const [window] = await database
    .update(purchaseImportWindows)
    .set({ leaseUntil })
    .where(
      and(eq(purchaseImportWindows.importId, importId), sql`${purchaseImportWindows.number} = (${free})`),
    )
    .returning();
  if (window === undefined) return "busy";
  const { appId, stripeAccountId: accountId, startedAt: importStartedAt } = head;
  return { ...window, appId, accountId, importStartedAt, leaseUntil };
}

/**
 * Lengthens a claim that ends soon.
 *
 * @returns the claim as it stands now; null when it was lost
 */
export async function renewWindow(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  window: ClaimedWindow,
): Promise<ClaimedWindow | null> {
  const now = clock.now().getTime();
  if (window.leaseUntil.getTime() - now >= shortLeaseMs) return window;
  const leaseUntil = new Date(now + leaseMs);
  const [renewed] = await database
    .update(purchaseImportWindows)
    .set({ leaseUntil })
    .where(isClaimed(window))
    .returning({ number: purchaseImportWindows.number });
  return renewed === undefined ? null : { ...window, leaseUntil };
}

/** Gives a stretch back as it was, so that it is tried again. */
export async function releaseWindow(
  { database }: Pick<Dependencies, "database">,
  window: ClaimedWindow,
): Promise<void> {
  await database.update(purchaseImportWindows).set({ leaseUntil: null }).where(isClaimed(window));
}

/**
 * Moves a stretch on by one page, in the transaction of what the page brought, and gives it back. Where fewer than
 * `parallel` are open, the rest of it is cut in two.
 *
 * @returns false when the claim was lost meanwhile: then nothing may be counted
 */
export async function advanceWindow(
  transaction: Transaction,
  window: ClaimedWindow,
  { page, parallel }: { page: PageEnd; parallel: number },
): Promise<boolean> {
  const cut = page.isLast ? null : await whereToCut(transaction, window, page, parallel);
  const moved = await transaction
    .update(purchaseImportWindows)
    .set({
      cursor: page.cursor,
      reachedAt: page.span?.oldest ?? window.reachedAt,
      isDone: page.isLast,
      leaseUntil: null,
      ...(cut && { soldFrom: cut }),
    })
    .where(isClaimed(window))
    .returning({ number: purchaseImportWindows.number });
  if (moved.length === 0) return false;
  if (cut === null) return true;
  const { importId, soldFrom } = window;
  const [last] = await transaction
    .select({ number: max(purchaseImportWindows.number) })
    .from(purchaseImportWindows)
    .where(eq(purchaseImportWindows.importId, importId));
  const number = (last?.number ?? 0) + 1;
  await transaction.insert(purchaseImportWindows).values({ importId, number, soldFrom, soldUntil: cut });
  return true;
}

/** How many stretches are left. */
export async function countOpenWindows(transaction: Transaction, importId: string): Promise<number> {
  const [open] = await transaction
    .select({ count: count() })
    .from(purchaseImportWindows)
    .where(and(eq(purchaseImportWindows.importId, importId), eq(purchaseImportWindows.isDone, false)));
  return open?.count ?? 0;
}

/** Two that move one stretch on would count its page twice: the lease is the proof, and so is the cursor. */
function isClaimed({ importId, number, leaseUntil, cursor }: ClaimedWindow) {
  return and(
    eq(purchaseImportWindows.importId, importId),
    eq(purchaseImportWindows.number, number),
    eq(purchaseImportWindows.leaseUntil, leaseUntil),
    cursor === null ? isNull(purchaseImportWindows.cursor) : eq(purchaseImportWindows.cursor, cursor),
  );
}

/** The first second of the newer part, in whole seconds as Stripe counts; null where it is not to be cut. */
async function whereToCut(
  transaction: Transaction,
  window: ClaimedWindow,
  page: PageEnd,
  parallel: number,
): Promise<Date | null> {
  if (page.span === null || (await countOpenWindows(transaction, window.importId)) >= parallel) return null;
  const reached = page.span.oldest.getTime();
  const pageMs = Math.max(second, page.span.newest.getTime() - reached);
  if (window.soldFrom !== null) {
    const left = reached - window.soldFrom.getTime();
    if (left < 2 * pageMs) return null;
    return new Date(wholeSeconds(window.soldFrom.getTime() + left / 2));
  }
  // Nobody says when an account's first charge was: what is known is doubled until it is found.
  const known = Math.max(0, window.importStartedAt.getTime() - reached);
  const cut = wholeSeconds(reached - Math.max(10 * pageMs, known));
  return cut < beforeStripe ? null : new Date(cut);
}

const wholeSeconds = (milliseconds: number) => Math.floor(milliseconds / second) * second;
