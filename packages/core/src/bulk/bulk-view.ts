import {
  apps,
  type BulkItemStatus,
  type BulkPausedCode,
  type BulkRefundStatus,
  bulkRefundEndorsements,
  bulkRefundItems,
  bulkRefunds,
  type Queryable,
  type RefundStatus,
  refunds,
} from "@redress/database";
import { and, count, desc, eq, inArray, type SQL, sql, sum } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { Money } from "../money.ts";
import { readCursor, writeCursor } from "../page-cursor.ts";
import { actorNames, actorView } from "../refunds/refund-summaries.ts";
import type { ActorView } from "../refunds/refund-view.ts";
import { bulkNotFound } from "./bulk-row.ts";

/** How many lines, and how much of each currency. */
export interface Tally {
  readonly count: number;
  readonly amounts: readonly Money[];
}

export interface BulkView {
  readonly id: string;
  readonly app: { readonly id: string; readonly slug: string; readonly name: string };
  readonly status: BulkRefundStatus;
  readonly source: "rows" | "csv" | "filter";
  readonly filter: string | null;
  readonly reason: string;
  readonly note: string | null;
  readonly requestedBy: ActorView;
  readonly requestedByOwner: string;
  readonly requestedAt: Date;
  readonly itemCount: number;
  readonly listHash: string | null;
  readonly approverRole: "approver" | "admin";
  readonly approversNeeded: number;
  /** Those who approved it so far, in their order. */
  readonly approvedBy: readonly ActorView[];
  /** Who approved it last, or rejected it. */
  readonly decidedBy: ActorView | null;
  readonly decidedAt: Date | null;
  readonly decisionNote: string | null;
  readonly pausedCode: BulkPausedCode | null;
  readonly expiresAt: Date | null;
  readonly finishedAt: Date | null;
  /** Lines by what became of them. */
  readonly lines: Readonly<Record<BulkItemStatus, Tally>>;
  /** Why lines were left out or dropped, the most frequent first. */
  readonly reasons: readonly { readonly code: string; readonly count: number }[];
  /** Of the lines that were asked for, the refunds by status. */
  readonly refunds: readonly ({ readonly status: RefundStatus } & Tally)[];
}

/**
 * A list with its progress.
 *
 * @throws RedressError `bulk_refund_not_found`
 */
export async function getBulk(
  { database }: Pick<Dependencies, "database">,
  { bulkRefundId }: { bulkRefundId: string },
): Promise<BulkView> {
  const [view] = await readViews(database, { where: eq(bulkRefunds.id, bulkRefundId), limit: 1 });
  if (view === undefined) throw bulkNotFound(bulkRefundId);
  return view;
}

/**
 * Lists of the given apps, newest first.
 *
 * @param input.limit 1 to 100, 50 unless told
 * @throws RedressError `invalid_input` for a cursor that is none
 */
export async function listBulks(
  { database }: Pick<Dependencies, "database">,
  input: {
    appIds: readonly string[] | "all";
    statuses?: readonly BulkRefundStatus[] | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  },
): Promise<{ bulkRefunds: BulkView[]; nextCursor: string | null }> {
  const limit = Math.min(100, Math.max(1, input.limit ?? 50));
  const after = input.cursor === undefined ? undefined : readCursor(input.cursor);
  const where = and(
    input.appIds === "all" ? undefined : inArray(bulkRefunds.appId, [...input.appIds]),
    input.statuses === undefined ? undefined : inArray(bulkRefunds.status, [...input.statuses]),
    after && sql`(${bulkRefunds.requestedAt}, ${bulkRefunds.id}) < (${after.at}::timestamptz, ${after.id})`,
  );
  const views = await readViews(database, { where, limit: limit + 1 });
  const page = views.slice(0, limit);
  const last = page.at(-1);
  return {
    bulkRefunds: page,
    nextCursor: views.length > limit && last ? writeCursor({ at: last.requestedAt, id: last.id }) : null,
  };
}

async function readViews(
  database: Queryable,
  { where, limit }: { where: SQL | undefined; limit: number },
): Promise<BulkView[]> {
  const rows = await database
    .select({ list: bulkRefunds, app: { id: apps.id, slug: apps.slug, name: apps.name } })
    .from(bulkRefunds)
    .innerJoin(apps, eq(apps.id, bulkRefunds.appId))
    .where(where)
    .orderBy(desc(bulkRefunds.requestedAt), desc(bulkRefunds.id))
    .limit(limit);
  const ids = rows.map(({ list }) => list.id);
  const [lines, made, endorsed] = [
    await tallyLines(database, ids),
    await tallyRefunds(database, ids),
    await readEndorsed(database, ids),
  ];
  const people = rows.flatMap(({ list }) => [list.requestedById, list.decidedBy ?? ""]);
  const names = await actorNames(database, [...people, ...endorsed.map(({ operatorId }) => operatorId)]);
  return rows.map(({ list, app }) => {
    const { requestedByKind, requestedById, decidedBy, status } = list;
    const mine = lines.filter(({ id }) => id === list.id);
    const before = endorsed.filter(({ id, operatorId }) => id === list.id && operatorId !== decidedBy);
    const isApproved = decidedBy !== null && status !== "rejected";
    const approvers = [...before.map(({ operatorId }) => operatorId), ...(isApproved ? [decidedBy] : [])];
    return {
      ...list,
      app,
      requestedBy: actorView(names, requestedByKind, requestedById),
      decidedBy: decidedBy === null ? null : actorView(names, "operator", decidedBy),
      approvedBy: approvers.map((id) => actorView(names, "operator", id)),
      lines: linesByStatus(mine),
      reasons: reasonsOf(mine),
      refunds: gather(made.filter(({ id }) => id === list.id)),
    };
  });
}

async function tallyLines(database: Queryable, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const { bulkRefundId: id, status, code, currency } = bulkRefundItems;
  return database
    .select({
      id,
      status,
      code,
      currency,
      count: count(),
      amount: sum(bulkRefundItems.amount).mapWith(Number),
    })
    .from(bulkRefundItems)
    .where(inArray(id, [...ids]))
    .groupBy(id, status, code, currency);
}

async function tallyRefunds(database: Queryable, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const { bulkRefundId: id, status, currency } = refunds;
  return database
    .select({ id, status, currency, count: count(), amount: sum(refunds.amount).mapWith(Number) })
    .from(refunds)
    .where(inArray(id, [...ids]))
    .groupBy(id, status, currency);
}

async function readEndorsed(database: Queryable, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const { bulkRefundId: id, operatorId, endorsedAt } = bulkRefundEndorsements;
  return database
    .select({ id, operatorId })
    .from(bulkRefundEndorsements)
    .where(inArray(id, [...ids]))
    .orderBy(endorsedAt);
}

type LineTally = Awaited<ReturnType<typeof tallyLines>>[number];

function linesByStatus(lines: readonly LineTally[]): BulkView["lines"] {
  const of = (status: BulkItemStatus) => tally(lines.filter((line) => line.status === status));
  return {
    listed: of("listed"),
    ready: of("ready"),
    left_out: of("left_out"),
    requested: of("requested"),
    dropped: of("dropped"),
    canceled: of("canceled"),
  };
}

function tally(rows: readonly { count: number; currency: string | null; amount: number | null }[]): Tally {
  const amounts = new Map<string, number>();
  for (const { currency, amount } of rows) {
    if (currency !== null && amount !== null) amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
  }
  return {
    count: rows.reduce((all, row) => all + row.count, 0),
    amounts: [...amounts].sort().map(([currency, amount]) => ({ amount, currency })),
  };
}

function reasonsOf(lines: readonly LineTally[]): BulkView["reasons"] {
  const counts = new Map<string, number>();
  for (const { code, count: lineCount } of lines) {
    if (code !== null) counts.set(code, (counts.get(code) ?? 0) + lineCount);
  }
  return [...counts].map(([code, counted]) => ({ code, count: counted })).sort((a, b) => b.count - a.count);
}

function gather(rows: Awaited<ReturnType<typeof tallyRefunds>>): BulkView["refunds"] {
  const statuses = [...new Set(rows.map(({ status }) => status))].sort();
  return statuses.map((status) => ({ status, ...tally(rows.filter((row) => row.status === status)) }));
}
