import { refunds } from "@redress/database";
import { and, asc, inArray, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { listRefunds } from "../refunds/list-refunds.ts";
import { selectRefunds, summarize } from "../refunds/refund-summaries.ts";
import type { RefundSummary } from "../refunds/refund-view.ts";

/** Requests of the given apps that wait for a person, newest first; pages as `listRefunds`. */
export function listAwaiting(
  dependencies: Pick<Dependencies, "database">,
  input: {
    appIds: readonly string[] | "all";
    cursor?: string | undefined;
    limit?: number | undefined;
  },
): Promise<{ refunds: RefundSummary[]; nextCursor: string | null }> {
  return listRefunds(dependencies, { ...input, statuses: ["awaiting_approval"] });
}

/** Those that have waited the longest, and so lapse first. */
export async function listLongestAwaiting(
  { database }: Pick<Dependencies, "database">,
  { appIds, limit }: { appIds: readonly string[] | "all"; limit: number },
): Promise<RefundSummary[]> {
  const rows = await selectRefunds(database, {
    where: and(
      sql`${refunds.status} = 'awaiting_approval'`,
      appIds === "all" ? undefined : inArray(refunds.appId, [...appIds]),
    ),
    orderBy: [asc(refunds.requestedAt), asc(refunds.id)],
    limit,
  });
  return summarize(database, rows);
}
