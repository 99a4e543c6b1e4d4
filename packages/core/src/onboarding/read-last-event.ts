import { type Queryable, stripeEvents } from "@redress/database";
import { desc, eq, sql } from "drizzle-orm";
import { mostScanned } from "../webhooks/list-events.ts";

/** What has come in from an account, as far as the newest events of the inbox tell. */
export interface AccountEvents {
  /** The newest that a webhook brought; null: none among those looked at. */
  readonly last: {
    readonly id: string;
    readonly type: string;
    readonly receivedAt: Date;
    readonly status: (typeof stripeEvents.$inferSelect)["status"];
  } | null;
  /** Those of the other mode, live or test, which this desk keeps and does not handle. */
  readonly ofOtherMode: number;
}

/** Looks through the newest events alone: the inbox has no index by account, since each arriving event would pay. */
export async function readLastEvent(
  database: Queryable,
  { accountId, livemode }: { accountId: string; livemode: boolean },
): Promise<AccountEvents> {
  const { id, type, receivedAt, status, endpoint, accountId: account, livemode: mode } = stripeEvents;
  const scanned = database
    .select({ id, type, receivedAt, status, endpoint, account, mode })
    .from(stripeEvents)
    .orderBy(desc(receivedAt), desc(id))
    .limit(mostScanned)
    .as("scanned");
  const rows = await database
    .select({
      id: scanned.id,
      type: scanned.type,
      receivedAt: scanned.receivedAt,
      status: scanned.status,
      mode: scanned.mode,
      ofOtherMode: sql`count(*) filter (where ${scanned.mode} <> ${livemode}) over ()`.mapWith(Number),
    })
    .from(scanned)
    .where(sql`${eq(scanned.account, accountId)} and ${scanned.endpoint} <> 'pulled'`)
    .orderBy(sql`${scanned.mode} = ${livemode} desc`, desc(scanned.receivedAt), desc(scanned.id))
    .limit(1);
  const [row] = rows;
  if (row === undefined) return { last: null, ofOtherMode: 0 };
  const { ofOtherMode, mode: rowMode, ...last } = row;
  return { last: rowMode === livemode ? last : null, ofOtherMode };
}
