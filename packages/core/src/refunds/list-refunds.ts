import { type RefundStatus, refunds } from "@redress/database";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
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
    nextCursor: rows.length > limit && last ? writeCursor(last) : null,
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

const cursorSchema = z.tuple([z.iso.datetime(), z.string().regex(/^\w+$/)]);

function writeCursor({ requestedAt, id }: { requestedAt: Date; id: string }): string {
  return Buffer.from(JSON.stringify([requestedAt.toISOString(), id])).toString("base64url");
}

function readCursor(cursor: string): { at: string; id: string } {
  try {
    const [at, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return { at, id };
  } catch (cause) {
    throw new RedressError(
      "invalid_input",
      "The cursor is not one that this list gave out. Start from the first page.",
      { cause },
    );
  }
}
