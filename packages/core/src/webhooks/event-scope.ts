import { apps, type Queryable, stripeEvents } from "@redress/database";
import { and, eq, inArray, isNotNull, or, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { RedressError } from "../errors.ts";

/** Whose events are meant. */
export interface EventScope {
  /** The apps that the reader may see. */
  readonly appIds: readonly string[] | "all";
  /** One of them, by its slug. */
  readonly app?: string | undefined;
}

/** Of which accounts events are wanted, and from when on; `all`: every one, the platform's own too. */
export type EventAccounts = "all" | readonly { readonly accountId: string; readonly from: Date | null }[];

/**
 * The accounts whose events may be seen. An account may have belonged to another app before (invariant 7): who
 * may not see every app sees what happened on it since it was connected to theirs.
 *
 * @throws RedressError `app_not_found` for an app that does not exist, or is not the reader's to see
 */
export async function accountsInScope(
  database: Queryable,
  { appIds, app }: EventScope,
): Promise<EventAccounts> {
  if (appIds === "all" && app === undefined) return "all";
  const rows = await database
    .select({ slug: apps.slug, accountId: apps.stripeAccountId, connectedAt: apps.connectedAt })
    .from(apps)
    .where(
      and(
        appIds === "all" ? undefined : inArray(apps.id, [...appIds]),
        app === undefined ? isNotNull(apps.stripeAccountId) : eq(apps.slug, app),
      ),
    );
  if (app !== undefined && rows.length === 0) {
    throw new RedressError("app_not_found", `There is no app with the slug "${app}" that you may see.`);
  }
  return rows.flatMap(({ accountId, connectedAt }) =>
    accountId === null ? [] : [{ accountId, from: appIds === "all" ? null : connectedAt }],
  );
}

/** What Stripe stamps are whole seconds. */
const wholeSecond = (moment: Date) => new Date(Math.floor(moment.getTime() / 1000) * 1000);

/** @param columns of the inbox, or of a part of it */
export function ofAccounts(
  accounts: EventAccounts,
  columns: { accountId: AnyPgColumn; stripeCreatedAt: AnyPgColumn } = stripeEvents,
): SQL | undefined {
  if (accounts === "all") return undefined;
  if (accounts.length === 0) return sql`false`;
  return or(
    ...accounts.map(({ accountId, from }) =>
      and(
        eq(columns.accountId, accountId),
        from === null
          ? undefined
          : sql`${columns.stripeCreatedAt} >= ${wholeSecond(from).toISOString()}::timestamptz`,
      ),
    ),
  );
}

/** An event belongs to the app that was connected to its account when it happened, and still is. */
export const appOwnsEvent = sql`(${apps.stripeAccountId} = ${stripeEvents.accountId}
  and ${stripeEvents.stripeCreatedAt} >= date_trunc('second', ${apps.connectedAt}))`;

/**
 * Whose an event is.
 *
 * @returns null: nobody's but the desk's, e.g. the platform's own; undefined: there is no such event
 */
export async function appOfEvent(database: Queryable, eventId: string): Promise<string | null | undefined> {
  const [row] = await database
    .select({ appId: apps.id })
    .from(stripeEvents)
    .leftJoin(apps, appOwnsEvent)
    .where(eq(stripeEvents.id, eventId));
  return row?.appId;
}
