import { auditLogs, auditSeals, type Transaction } from "@redress/database";
import { and, asc, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { genesisHash, monthOf, sealedColumns, sealHash } from "./seal.ts";

/** Any fixed number: one process seals at a time. */
const sealLock = 7_336_378;
const batchSize = 500;
/**
 * Ids are drawn before the commit, so a row may appear below those that are sealed: this far back it is
 * looked for. `everything` looks through the whole log.
 */
export const lookBack = 10_000;

/**
 * Seals the rows of the log that have no seal yet, in the order of their ids as far as they are committed.
 * Sealing again, or in two processes, changes nothing. Each month is a
 * piece of the chain by itself, whose first seal holds the last hash of the month before.
 *
 * @returns how many rows were sealed
 */
export async function sealAudit(
  dependencies: Pick<Dependencies, "database" | "clock">,
  options: { everything?: boolean } = {},
): Promise<number> {
  let count = 0;
  for (;;) {
    const sealed = await dependencies.database.transaction((transaction) =>
      sealBatch(dependencies, transaction, options.everything ?? false),
    );
    count += sealed;
    if (sealed < batchSize) return count;
  }
}

async function sealBatch(
  { clock }: Pick<Dependencies, "clock">,
  transaction: Transaction,
  everything: boolean,
): Promise<number> {
  await transaction.execute(sql`select pg_advisory_xact_lock(${sealLock})`);
  const [head] = await transaction.select().from(auditSeals).orderBy(desc(auditSeals.number)).limit(1);
  const from = everything || !head ? 0 : head.auditLogId - lookBack;
  const rows = await transaction
    .select(sealedColumns)
    .from(auditLogs)
    .leftJoin(auditSeals, eq(auditSeals.auditLogId, auditLogs.id))
    .where(and(gt(auditLogs.id, from), isNull(auditSeals.number)))
    .orderBy(asc(auditLogs.id))
    .limit(batchSize);
  if (rows.length === 0) return 0;
  let number = head?.number ?? 0;
  let previousHash = head?.hash ?? genesisHash;
  const sealedAt = clock.now();
  // Never back to a month that is over, whatever a server's clock says.
  const now = monthOf(sealedAt);
  const month = head?.month && head.month > now ? head.month : now;
  const seals = rows.map((row) => {
    number += 1;
    const hash = sealHash({ number, previousHash, sealedAt, month }, row);
    const seal = { number, auditLogId: row.id, previousHash, hash, sealedAt, month };
    previousHash = hash;
    return seal;
  });
  await transaction.insert(auditSeals).values(seals);
  return rows.length;
}
