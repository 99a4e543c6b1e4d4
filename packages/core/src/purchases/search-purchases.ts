import { purchases, type Queryable } from "@redress/database";
import { and, desc, inArray, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import { expectedCount } from "./expected-count.ts";
import { matchPurchase, type PurchaseMatch } from "./match-purchase.ts";
import {
  type PurchaseSummary,
  type PurchaseWithApp,
  selectPurchases,
  summarizePurchases,
} from "./purchase-view.ts";
import { searchCondition } from "./search-condition.ts";
import { readSearchTerms, type SearchTerm } from "./search-terms.ts";

const inputSchema = z.object({
  appIds: z.union([z.literal("all"), z.array(z.string())]),
  query: z.string().max(200).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(100).default(50),
});

/** Beyond this many the list has a page of a million purchases sooner than they are sorted. */
const mostSorted = 7_000;

const cursorSchema = z.tuple([z.iso.datetime(), z.string().regex(/^\w+$/)]);

/** A purchase that was found, and by what. */
export type FoundPurchase = PurchaseSummary & PurchaseMatch;

/**
 * Purchases, newest first, those that the reader may see.
 *
 * @param input.query see `readSearchTerms`; empty shows all
 * @param input.cursor `nextCursor` of the page before
 * @param input.limit 1 to 100, 50 unless told
 * @throws RedressError `invalid_input`
 */
export async function searchPurchases(
  { database }: Pick<Dependencies, "database">,
  input: {
    appIds: readonly string[] | "all";
    query?: string | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  },
): Promise<{ purchases: FoundPurchase[]; nextCursor: string | null }> {
  const { appIds, query, cursor, limit } = parseInput(inputSchema, input);
  const terms = readSearchTerms(query ?? "");
  const rows = await selectNewest(database, {
    appIds,
    terms,
    limit: limit + 1,
    after: cursor === undefined ? undefined : decodeCursor(cursor),
  });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1)?.purchase : undefined;
  const summaries = await summarizePurchases(database, page);
  const rowsById = new Map(page.map(({ purchase }) => [purchase.id, purchase]));
  const found = summaries.flatMap((summary) => {
    const row = rowsById.get(summary.id);
    return row === undefined ? [] : [{ ...summary, ...matchPurchase(row, terms) }];
  });
  return {
    purchases: found,
    nextCursor: last ? encodeCursor(last) : null,
  };
}

/** A place in the list: the last purchase that was read, by when it was bought and its id. */
export type PurchasePlace = readonly [purchasedAt: string, id: string];

export const placeOfPurchase = ({ purchasedAt, id }: { purchasedAt: Date; id: string }): PurchasePlace => [
  purchasedAt.toISOString(),
  id,
];

/** Purchases that all terms match, newest first, from a place on. */
export async function selectNewest(
  database: Queryable,
  {
    appIds,
    terms,
    limit,
    after,
  }: {
    appIds: readonly string[] | "all";
    terms: readonly SearchTerm[];
    limit: number;
    after?: PurchasePlace | undefined;
  },
): Promise<PurchaseWithApp[]> {
  const where = and(
    appIds === "all" ? undefined : inArray(purchases.appId, [...appIds]),
    searchCondition(terms),
    after && sql`(${purchases.purchasedAt}, ${purchases.id}) < (${after[0]}::timestamptz, ${after[1]})`,
  );
  return selectPurchases(database, where)
    .orderBy(...(await newestFirst(database, { terms, where })))
    .limit(limit);
}

/**
 * What matches words is rare or frequent. Frequent purchases are soon met in the list, newest first; rare ones are found by
 * the words' own indexes, and sorted. Left alone, the planner would look for the rare ones in the list too, since it takes
 * the look at a name for cheaper than it is: an order by an expression, which no index has, keeps it from that.
 */
async function newestFirst(
  database: Queryable,
  { terms, where }: { terms: readonly SearchTerm[]; where: SQL | undefined },
): Promise<SQL[]> {
  const hasWords = terms.some(({ kind }) => kind === "free");
  const areFew = hasWords && (await expectedCount(database, where)) < mostSorted;
  const at = areFew ? sql`(${purchases.purchasedAt} + interval '0')` : purchases.purchasedAt;
  return [desc(at), desc(purchases.id)];
}

function encodeCursor(purchase: { purchasedAt: Date; id: string }): string {
  return Buffer.from(JSON.stringify(placeOfPurchase(purchase))).toString("base64url");
}

function decodeCursor(cursor: string): PurchasePlace {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (cause) {
    throw new RedressError("invalid_input", "This cursor is not one of this list. Start at the first page.", {
      details: { fields: [{ field: "cursor", message: "not a cursor" }] },
      cause,
    });
  }
}
