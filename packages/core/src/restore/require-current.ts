import { auditSeals, restores } from "@redress/database";
import { gte, max } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

/**
 * Refuses to work on a database that is older than the anchors of its audit log: it was restored from a backup, and
 * what it shows as waiting may have been paid. Where no anchors are kept nobody can tell.
 *
 * @throws Error unless the restore was noted (`beginRestore`)
 */
export async function requireCurrent({
  database,
  auditAnchors,
}: Pick<Dependencies, "database" | "auditAnchors">): Promise<void> {
  const last = (await auditAnchors?.last()) ?? null;
  if (last === null) return;
  const [log] = await database.select({ newest: max(auditSeals.number) }).from(auditSeals);
  if ((log?.newest ?? 0) >= last.number) return;
  const noted = await database
    .select({ id: restores.id })
    .from(restores)
    .where(gte(restores.noticedAt, last.at))
    .limit(1);
  if (noted.length > 0) return;
  throw new Error(
    `The audit log in this database ends before its last anchor, number ${last.number} of ${last.at.toISOString()}: the database was restored from a backup, and what it shows as waiting may have been paid. Run redress reconcile --after-restore, then start again. If the database was made anew on purpose, move the files of AUDIT_ANCHOR_DIR aside.`,
  );
}
