import { purchaseImports, purchaseImportWindows, type Queryable } from "@redress/database";
import { desc, eq, inArray } from "drizzle-orm";

export type ImportRow = typeof purchaseImports.$inferSelect;
type WindowRow = typeof purchaseImportWindows.$inferSelect;

/** An import as people see it. */
export interface ImportView
  extends Pick<
    ImportRow,
    | "id"
    | "stripeAccountId"
    | "status"
    | "pageCount"
    | "chargeCount"
    | "importedCount"
    | "error"
    | "startedAt"
    | "updatedAt"
    | "finishedAt"
  > {
  /** Of the account's history, by time, from 0 to 1: a guess until its beginning is found. */
  readonly progress: number;
}

/** The newest import of each of these apps that has one. */
export async function readNewestImports(
  database: Queryable,
  appIds: readonly string[],
): Promise<Map<string, ImportView>> {
  if (appIds.length === 0) return new Map();
  const rows = await database
    .selectDistinctOn([purchaseImports.appId])
    .from(purchaseImports)
    .where(inArray(purchaseImports.appId, [...appIds]))
    .orderBy(purchaseImports.appId, desc(purchaseImports.startedAt), desc(purchaseImports.id));
  const views = new Map<string, ImportView>();
  for (const row of rows) views.set(row.appId, await viewOf(database, row));
  return views;
}

/** One import that is known to be there. */
export async function readImport(database: Queryable, id: string): Promise<ImportView> {
  const [row] = await database.select().from(purchaseImports).where(eq(purchaseImports.id, id));
  if (row === undefined) throw new Error(`There is no import ${id}, though imports are never deleted.`);
  return viewOf(database, row);
}

async function viewOf(database: Queryable, row: ImportRow): Promise<ImportView> {
  const { appId: _, ...facts } = row;
  if (row.status === "done") return { ...facts, progress: 1 };
  const windows = await database
    .select()
    .from(purchaseImportWindows)
    .where(eq(purchaseImportWindows.importId, row.id));
  return { ...facts, progress: progressOf(row, windows) };
}

/** Until the beginning of the account is found, what is older is taken to be as long as what is known. */
function progressOf({ startedAt }: ImportRow, windows: readonly WindowRow[]): number {
  const now = startedAt.getTime();
  let [listed, left] = [0, 0];
  let beginningFound = true;
  for (const { soldFrom, soldUntil, reachedAt, isDone } of windows) {
    const until = Math.min(now, soldUntil?.getTime() ?? now);
    const reached = reachedAt?.getTime() ?? until;
    if (soldFrom === null && !isDone) beginningFound = false;
    const from = isDone ? (soldFrom?.getTime() ?? reached) : reached;
    listed += Math.max(0, until - from);
    if (!isDone && soldFrom !== null) left += Math.max(0, reached - soldFrom.getTime());
  }
  const unknown = beginningFound ? 0 : listed + left;
  const whole = listed + left + unknown;
  return whole === 0 ? 0 : listed / whole;
}
