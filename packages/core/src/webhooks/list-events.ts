import { type Database, stripeEvents } from "@redress/database";
import { and, desc, eq, getTableColumns, lt, or } from "drizzle-orm";
import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";

/** An event in the inbox, without its body. */
export type EventSummary = Omit<typeof stripeEvents.$inferSelect, "payload">;

const cursorSchema = z.tuple([z.iso.datetime(), z.string().regex(/^[\w.-]+$/)]);
const { payload: _, ...columns } = getTableColumns(stripeEvents);

/**
 * The inbox, newest first.
 *
 * @param input.limit at most 100; 50 unless told
 * @param input.cursor `nextCursor` of the page before
 * @throws RedressError `invalid_input` for a cursor that is none
 */
export async function listEvents(
  { database }: { database: Database } & Partial<Dependencies>,
  input: { cursor?: string; limit?: number; status?: EventSummary["status"]; accountId?: string } = {},
): Promise<{ events: EventSummary[]; nextCursor: string | null }> {
  const limit = Math.min(Math.max(input.limit ?? 50, 1), 100);
  const after = input.cursor === undefined ? null : parseCursor(input.cursor);
  const rows = await database
    .select(columns)
    .from(stripeEvents)
    .where(
      and(
        input.status === undefined ? undefined : eq(stripeEvents.status, input.status),
        input.accountId === undefined ? undefined : eq(stripeEvents.accountId, input.accountId),
        after === null
          ? undefined
          : or(
              lt(stripeEvents.receivedAt, after.receivedAt),
              and(eq(stripeEvents.receivedAt, after.receivedAt), lt(stripeEvents.id, after.id)),
            ),
      ),
    )
    .orderBy(desc(stripeEvents.receivedAt), desc(stripeEvents.id))
    .limit(limit + 1);
  const events = rows.slice(0, limit);
  const last = rows.length > limit ? events.at(-1) : undefined;
  return { events, nextCursor: last ? formatCursor(last) : null };
}

function formatCursor({ receivedAt, id }: EventSummary): string {
  return Buffer.from(JSON.stringify([receivedAt.toISOString(), id])).toString("base64url");
}

function parseCursor(cursor: string): { receivedAt: Date; id: string } {
  try {
    const [receivedAt, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return { receivedAt: new Date(receivedAt), id };
  } catch {
    throw new RedressError("invalid_input", "The cursor is not one that Redress gave. Start without one.");
  }
}
