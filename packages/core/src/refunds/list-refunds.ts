import { type RefundStatus, refunds } from "@redress/database";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { readCursor, writeCursor } from "../page-cursor.ts";
import { selectRefunds, summarize } from "./refund-summaries.ts";
import type { RefundSummary } from "./refund-view.ts";

const newestFirst = [desc(refunds.requestedAt), desc(refunds.id)];

/**
 * Refunds of the given apps, newest first.
 *
 * @param input.cursor the `nextCursor` of the page before
 * @param input.limit 1–100; 50 unless told
 * @throws RedressError `invalid_input` for a cursor that is none
 */
export async function listRefunds(
  dependencies: Pick<Dependencies, "database">,
  input: {
    appIds: readonly string[] | "all";
    statuses?: readonly RefundStatus[] | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  },
): Promise<{ refunds: RefundSummary[]; nextCursor: string | null }> {
  const { database } = dependencies;
  const limit = Math.min(100, Math.max(1, input.limit ?? 50));
  const after = input.cursor === undefined ? undefined : readCursor(input.cursor);
  const rows = await selectRefunds(database, {
    where: and(
      input.appIds === "all" ? undefined : inArray(refunds.appId, [...input.appIds]),
      input.statuses === undefined ? undefined : inArray(refunds.status, [...input.statuses]),
      after && sql`(${refunds.requestedAt}, ${refunds.id}) < (${after.at}::timestamptz, ${after.id})`,
    ),
    orderBy: newestFirst,
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1)?.refund;
  return {
    refunds: await summarize(database, page),
    nextCursor: rows.length > limit && last ? writeCursor({ at: last.requestedAt, id: last.id }) : null,
  };
}

/** Every refund of one purchase, ours and foreign, newest first. */
export async function refundsOfPurchase(
  dependencies: Pick<Dependencies, "database">,
  purchaseId: string,
): Promise<RefundSummary[]> {
  const rows = await selectRefunds(dependencies.database, {
    where: eq(refunds.purchaseId, purchaseId),
    orderBy: newestFirst,
    limit: 1000,
  });
  return summarize(dependencies.database, rows);
}
