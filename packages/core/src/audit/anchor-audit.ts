import { auditSeals } from "@redress/database";
import { asc, desc, gt, isNotNull, max, sql } from "drizzle-orm";
import type { AnchorStatement, Dependencies } from "../dependencies.ts";

/** How much of the end may be cut off unseen is what was sealed in this time. */
const anchorEveryMs = 60 * 60 * 1000;

/**
 * Keeps a signed head of the audit chain outside the database: of each month that is over its last seal, and of
 * the present one the newest seal, once an hour while there are new ones. Each is logged as well.
 *
 * @returns how many were kept
 */
export async function anchorAudit(
  dependencies: Pick<Dependencies, "database" | "clock" | "logger" | "auditAnchors">,
  options: { force?: boolean } = {},
): Promise<number> {
  const { auditAnchors, clock, logger } = dependencies;
  if (!auditAnchors) return 0;
  const last = await auditAnchors.last();
  const isDue = !last || clock.now().getTime() - last.at.getTime() >= anchorEveryMs;
  const heads =
    isDue || options.force ? await headsAfter(dependencies, await lastNumber(dependencies, last)) : [];
  for (const head of heads) {
    const anchor = await auditAnchors.keep(head);
    logger.info({ auditAnchor: anchor }, "The audit log was anchored.");
  }
  return heads.length;
}

/** After a restore the log ends before its last anchor, and is anchored from its beginning on. */
async function lastNumber(
  { database }: Pick<Dependencies, "database">,
  last: AnchorStatement | null,
): Promise<number> {
  if (last === null) return 0;
  const [log] = await database.select({ newest: max(auditSeals.number) }).from(auditSeals);
  return (log?.newest ?? 0) < last.number ? 0 : last.number;
}

/** The last seal of each month, of those past `number`. */
async function headsAfter(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  number: number,
): Promise<AnchorStatement[]> {
  const rows = await database
    .selectDistinctOn([auditSeals.month], {
      month: sql<string>`${auditSeals.month}`,
      number: auditSeals.number,
      hash: auditSeals.hash,
    })
    .from(auditSeals)
    .where(sql`${gt(auditSeals.number, number)} and ${isNotNull(auditSeals.month)}`)
    .orderBy(asc(auditSeals.month), desc(auditSeals.number));
  return rows.map((row) => ({ ...row, at: clock.now() }));
}
