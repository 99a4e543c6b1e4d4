import {
  apps,
  auditLogs,
  bulkRefunds,
  outboxMessages,
  purchases,
  restoreApps,
  restores,
  stripeEvents,
  type Transaction,
} from "@redress/database";
import { desc, inArray, isNull, max, sql } from "drizzle-orm";
import { stopRefundsOf } from "../apps/stop-refunds.ts";
import { changeBulk } from "../bulk/change-bulk.ts";
import { dropRest } from "../bulk/steer-bulk.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";

type RestoreRow = typeof restores.$inferSelect;

export interface BegunRestore {
  readonly restore: RestoreRow;
  /** An earlier one goes on, of which not all apps were compared. */
  readonly resumed: boolean;
  readonly stoppedApps: number;
  readonly endedLists: number;
}

/** Far more messages than a purchase ever has. */
const sequencesApart = 1_000_000;
/** Whoever has a shell on the server: the desk does not know their name. */
const actor = { kind: "system", id: "command_line" } as const;

/**
 * Notes that the database was put back from a backup. In the same transaction all refunds are stopped and open lists
 * of refunds are ended, so that nothing is sent before each app was compared with Stripe. No server may run meanwhile.
 *
 * @param input.since the newest that the backup knows; found in the database unless told. Told, it always begins anew
 * @throws RedressError `invalid_input` for a moment in the future, or a database in which nothing ever happened
 */
export async function beginRestore(
  dependencies: Dependencies,
  input: { since?: Date; correlationId: string },
): Promise<BegunRestore> {
  return dependencies.database.transaction(async (transaction) => {
    const open = input.since === undefined ? await openRestore(transaction) : undefined;
    if (open !== undefined) return { restore: open, resumed: true, stoppedApps: 0, endedLists: 0 };
    const restore = await insertRestore(dependencies, transaction, input.since);
    const rows = await transaction.select({ id: apps.id, slug: apps.slug }).from(apps).orderBy(apps.id);
    let stoppedApps = 0;
    for (const { id: appId, slug } of rows) {
      await transaction.insert(restoreApps).values({ restoreId: restore.id, appId });
      const reason = `The database was restored from a backup of ${restore.since.toISOString()}.`;
      const { correlationId } = input;
      if (await stopRefundsOf(dependencies, transaction, { slug, actor, reason, correlationId }))
        stoppedApps += 1;
    }
    const endedLists = await endLists(dependencies, transaction, input.correlationId);
    await forgetEmptyApps(dependencies, transaction);
    return { restore, resumed: false, stoppedApps, endedLists };
  });
}

async function openRestore(transaction: Transaction): Promise<RestoreRow | undefined> {
  const open = transaction
    .select({ id: restoreApps.restoreId })
    .from(restoreApps)
    .where(isNull(restoreApps.comparedAt));
  const [restore] = await transaction
    .select()
    .from(restores)
    .where(inArray(restores.id, open))
    .orderBy(desc(restores.noticedAt))
    .limit(1);
  return restore;
}

async function insertRestore(
  { clock, random }: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  given: Date | undefined,
): Promise<RestoreRow> {
  const now = clock.now();
  const since = given ?? (await newestKnown(transaction));
  if (since === null || since > now) {
    throw new RedressError(
      "invalid_input",
      since === null
        ? "This database is empty: there is nothing to compare. Connect the apps and import their purchases."
        : `${since.toISOString()} is in the future. Give the moment of the backup.`,
    );
  }
  const [last] = await transaction.select({ floor: max(restores.sequenceFloor) }).from(restores);
  const [restore] = await transaction
    .insert(restores)
    .values({
      ...{ id: newId(random, "restore"), since, noticedAt: now },
      sequenceFloor: (last?.floor ?? 0) + sequencesApart,
    })
    .returning();
  if (!restore) throw new Error("the database answered an insert without its row");
  return restore;
}

/** The newest that was written down: what came after is lost. */
async function newestKnown(transaction: Transaction): Promise<Date | null> {
  const [audit] = await transaction.select({ at: max(auditLogs.at) }).from(auditLogs);
  const [event] = await transaction.select({ at: max(stripeEvents.receivedAt) }).from(stripeEvents);
  const [message] = await transaction.select({ at: max(outboxMessages.createdAt) }).from(outboxMessages);
  const known = [audit?.at, event?.at, message?.at].flatMap((at) => (at ? [at.getTime()] : []));
  return known.length === 0 ? null : new Date(Math.max(...known));
}

/** A list that was approved in the lost time is open again here: its lines would be paid once more. */
async function endLists(
  dependencies: Dependencies,
  transaction: Transaction,
  correlationId: string,
): Promise<number> {
  const lists = await transaction
    .select()
    .from(bulkRefunds)
    .where(inArray(bulkRefunds.status, ["preparing", "awaiting_approval", "running", "paused"]))
    .orderBy(bulkRefunds.id)
    .for("update");
  for (const list of lists) {
    const isApproved = list.status === "running" || list.status === "paused";
    if (isApproved) await dropRest(transaction, list.id);
    await changeBulk(dependencies, transaction, {
      ...{ list, actor, correlationId, details: { why: "restored" } },
      ...(isApproved
        ? { to: "canceled", action: "bulk_refund_canceled" }
        : { to: "withdrawn", set: { expiresAt: null }, action: "bulk_refund_withdrawn" }),
    });
  }
  return lists.length;
}

/** An app that never had a purchase has nothing that could be paid twice. */
async function forgetEmptyApps(
  { clock }: Pick<Dependencies, "clock">,
  transaction: Transaction,
): Promise<void> {
  const withPurchase = transaction.select({ id: purchases.appId }).from(purchases);
  await transaction
    .update(restoreApps)
    .set({ comparedAt: clock.now() })
    .where(
      sql`${restoreApps.comparedAt} is null and ${restoreApps.appId} not in ${withPurchase} and not exists (select 1 from ${apps} where ${apps.id} = ${restoreApps.appId} and ${apps.stripeAccountId} is not null)`,
    );
}
