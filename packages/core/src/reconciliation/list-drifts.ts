import { apps, type DriftKind, drifts } from "@redress/database";
import { and, desc, eq, getTableColumns, inArray, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { readCursor, writeCursor } from "../page-cursor.ts";
import type { DriftView } from "./comparison-view.ts";
import { describeDifference, describeRepair } from "./describe-drift.ts";

/**
 * What reconciliations found, newest first.
 *
 * @param input.app slug; all that may be seen unless told
 * @param input.undecided only those that a person has to look at
 * @param input.limit 1–100; 50 unless told
 * @param input.cursor `nextCursor` of the page before
 * @throws RedressError `invalid_input` for a cursor that is none
 */
export async function listDrifts(
  { database }: Pick<Dependencies, "database">,
  input: {
    appIds: readonly string[] | "all";
    app?: string | undefined;
    refundId?: string | undefined;
    kinds?: readonly DriftKind[] | undefined;
    undecided?: boolean | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  },
): Promise<{ drifts: DriftView[]; nextCursor: string | null }> {
  const limit = Math.min(100, Math.max(1, input.limit ?? 50));
  const after = input.cursor === undefined ? undefined : readCursor(input.cursor);
  const { appId: _, ...columns } = getTableColumns(drifts);
  const rows = await database
    .select({ ...columns, app: { slug: apps.slug, name: apps.name } })
    .from(drifts)
    .innerJoin(apps, eq(apps.id, drifts.appId))
    .where(
      and(
        input.appIds === "all" ? undefined : inArray(drifts.appId, [...input.appIds]),
        input.app === undefined ? undefined : eq(apps.slug, input.app),
        input.refundId === undefined ? undefined : eq(drifts.refundId, input.refundId),
        input.kinds === undefined ? undefined : inArray(drifts.kind, [...input.kinds]),
        input.undecided ? eq(drifts.rightSide, "undecided") : undefined,
        after && sql`(${drifts.foundAt}, ${drifts.id}) < (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(desc(drifts.foundAt), desc(drifts.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    drifts: page.map((drift) => ({
      ...drift,
      difference: describeDifference(drift),
      repair: describeRepair(drift),
    })),
    nextCursor: last ? writeCursor({ at: last.foundAt, id: last.id }) : null,
  };
}
