import { type Database, type Queryable, stripeEvents } from "@redress/database";
import { and, desc, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { readCursor, writeCursor } from "../page-cursor.ts";
import { accountsInScope, type EventScope, ofAccounts } from "./event-scope.ts";

/** An event in the inbox, without its body. */
export type EventSummary = Omit<typeof stripeEvents.$inferSelect, "payload">;

export interface EventFilter {
  /** Stripe's type; with `*` at its end all that begin so, e.g. `charge.*`. */
  readonly type?: string | undefined;
  readonly status?: EventSummary["status"] | undefined;
  readonly label?: string | undefined;
  /** When it came in, not when it happened. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** Events that came in from `since` on, and before `until`; now, unless told. */
export type EventWindow = EventScope & EventFilter & { readonly since: Date };

export interface EventPage {
  /** Newest first. Fewer than `limit`, or none, may stand here though there are more. */
  readonly events: EventSummary[];
  readonly nextCursor: string | null;
}

/**
 * An arriving event is put into three indexes and no more, so a filter that none of them serves (type, label,
 * account, `handled`, `ignored`) is held against this many events a page, newest first. What is rare takes
 * several pages to find, and each answers at once.
 */
export const mostScanned = 20_000;

const { payload: _, ...columns } = getTableColumns(stripeEvents);
const newestFirst = [desc(stripeEvents.receivedAt), desc(stripeEvents.id)];

/**
 * The inbox, newest first.
 *
 * @param input.limit at most 100; 50 unless told
 * @param input.cursor `nextCursor` of the page before
 * @throws RedressError `invalid_input` for a cursor that is none; `app_not_found`
 */
export async function listEvents(
  { database }: { database: Database },
  input: EventScope & EventFilter & { cursor?: string | undefined; limit?: number | undefined },
): Promise<EventPage> {
  const limit = Math.min(Math.max(input.limit ?? 50, 1), 100);
  const accounts = await accountsInScope(database, input);
  const place = placeOf(input);
  const scanned = scanOf(database, place);
  const rows = await database
    .select()
    .from(scanned)
    .where(
      and(
        isOpen(input.status) || input.status === undefined ? undefined : eq(scanned.status, input.status),
        ofType(scanned.type, input.type),
        input.label === undefined ? undefined : sql`${input.label} = any(${scanned.labels})`,
        accounts === "all" ? undefined : ofAccounts(accounts, scanned),
      ),
    )
    .orderBy(desc(scanned.receivedAt), desc(scanned.id))
    .limit(limit + 1);
  const events = rows.slice(0, limit);
  const last = rows.length > limit ? events.at(-1) : await lastScanned(database, place);
  return { events, nextCursor: last ? writeCursor({ at: last.receivedAt, id: last.id }) : null };
}

const isOpen = (status: EventFilter["status"]) => status === "received" || status === "failed";

/** What an index finds: the place in the list, and what is not handled yet. */
function placeOf({
  cursor,
  since,
  until,
  status,
}: EventFilter & { cursor?: string | undefined }): SQL | undefined {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const { receivedAt, id } = stripeEvents;
  return and(
    // The first one twice, so that the index is entered there.
    after && sql`${receivedAt} <= ${after.at}::timestamptz`,
    after && sql`(${receivedAt}, ${id}) < (${after.at}::timestamptz, ${after.id})`,
    received(since, until),
    isOpen(status) && status ? eq(stripeEvents.status, status) : undefined,
  );
}

/** Events that came in from `since` on, and before `until`. */
export function received(since: Date | undefined, until: Date | undefined): SQL | undefined {
  const { receivedAt } = stripeEvents;
  return and(
    since && sql`${receivedAt} >= ${since.toISOString()}::timestamptz`,
    until && sql`${receivedAt} < ${until.toISOString()}::timestamptz`,
  );
}

/** @param column of the inbox, or of a part of it */
export function ofType(column: AnyPgColumn, type: string | undefined): SQL | undefined {
  if (type === undefined) return undefined;
  if (!type.endsWith("*")) return eq(column, type);
  return sql`starts_with(${column}, ${type.slice(0, -1)})`;
}

/** The part of the inbox that one page looks through. */
function scanOf(database: Queryable, place: SQL | undefined) {
  return database
    .select(columns)
    .from(stripeEvents)
    .where(place)
    .orderBy(...newestFirst)
    .limit(mostScanned)
    .as("scanned");
}

/** Where a page ended that looked through as much as it may; undefined when it saw the end. */
async function lastScanned(database: Queryable, place: SQL | undefined) {
  const [last] = await database
    .select({ receivedAt: stripeEvents.receivedAt, id: stripeEvents.id })
    .from(stripeEvents)
    .where(place)
    .orderBy(...newestFirst)
    .offset(mostScanned - 1)
    .limit(1);
  return last;
}
