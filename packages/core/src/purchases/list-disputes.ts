import { apps, purchases } from "@redress/database";
import { and, count, eq, inArray, isNotNull, min, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { type PurchaseSummary, selectPurchases, summarizePurchases } from "./purchase-view.ts";

/** A purchase whose dispute is open. */
export type OpenDispute = PurchaseSummary & {
  /** Until when Stripe takes evidence; null: it wants none now, or names no day. */
  readonly disputeDueAt: Date | null;
};

const cursorSchema = z.tuple([z.iso.datetime().nullable(), z.string().regex(/^[\w.-]+$/)]);
const { disputeStatus, disputeDueAt, id } = purchases;

/** As in the index `purchases_open_disputes`, word for word, so that it serves. */
const isOpen = sql`(${disputeStatus} not in ('lost', 'won', 'warning_closed', 'prevented') or ${disputeDueAt} is not null)`;

const inApps = (appIds: readonly string[] | "all") =>
  appIds === "all" ? undefined : inArray(purchases.appId, [...appIds]);

/**
 * Purchases with an open dispute, the one whose evidence is due first before all others, those that want none last.
 *
 * @param input.app the slug of one app; one that is not theirs has no disputes
 * @param input.cursor `nextCursor` of the page before
 * @throws RedressError `invalid_input` for a cursor that is none
 */
export async function listDisputes(
  { database }: Pick<Dependencies, "database">,
  input: {
    appIds: readonly string[] | "all";
    app?: string | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  },
): Promise<{ disputes: OpenDispute[]; nextCursor: string | null }> {
  const limit = Math.min(100, Math.max(1, input.limit ?? 50));
  const where = and(
    inApps(input.appIds),
    input.app === undefined ? undefined : eq(apps.slug, input.app),
    isOpen,
    input.cursor === undefined ? undefined : after(input.cursor),
  );
  const rows = await selectPurchases(database, where)
    .orderBy(sql`${disputeDueAt} asc nulls last`, id)
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1)?.purchase : undefined;
  const dues = new Map(page.map(({ purchase }) => [purchase.id, purchase.disputeDueAt]));
  const summaries = await summarizePurchases(database, page);
  return {
    disputes: summaries.map((one) => ({ ...one, disputeDueAt: dues.get(one.id) ?? null })),
    nextCursor: last === undefined ? null : writePlace(last.disputeDueAt, last.id),
  };
}

/** How many disputes want evidence, and by when the first of them. */
export async function countDisputesDue(
  { database }: Pick<Dependencies, "database">,
  { appIds }: { appIds: readonly string[] | "all" },
): Promise<{ count: number; firstDueAt: Date | null }> {
  const [row] = await database
    .select({ count: count(), firstDueAt: min(disputeDueAt) })
    .from(purchases)
    .where(and(inApps(appIds), isNotNull(disputeDueAt)));
  return { count: row?.count ?? 0, firstDueAt: row?.firstDueAt ?? null };
}

const writePlace = (dueAt: Date | null, purchaseId: string) =>
  Buffer.from(JSON.stringify([dueAt?.toISOString() ?? null, purchaseId])).toString("base64url");

function after(cursor: string): SQL {
  const place = readPlace(cursor);
  if (place.dueAt === null) return sql`(${disputeDueAt} is null and ${id} > ${place.id})`;
  return sql`(${disputeDueAt} is null or (${disputeDueAt}, ${id}) > (${place.dueAt}::timestamptz, ${place.id}))`;
}

function readPlace(cursor: string): { dueAt: string | null; id: string } {
  try {
    const [dueAt, purchaseId] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return { dueAt, id: purchaseId };
  } catch (cause) {
    throw new RedressError(
      "invalid_input",
      "The cursor is not one that this list gave out. Start from the first page.",
      { cause },
    );
  }
}
