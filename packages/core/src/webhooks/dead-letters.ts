import {
  apps,
  notifications,
  outboxMessages,
  type Queryable,
  refunds,
  stripeEvents,
} from "@redress/database";
import { and, desc, eq, inArray, isNotNull, or, type SQL, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { readCursor, writeCursor } from "../page-cursor.ts";
import { appOwnsEvent } from "./event-scope.ts";

/** A message whose workflow failed each time, until it was given up. */
export interface DeadLetter {
  readonly id: string;
  /** What it was to start, e.g. `notification/delivery.due`. */
  readonly name: string;
  /** The event, refund, notification or app that waits for it. */
  readonly subjectId: string | null;
  /** Of an event: Stripe's type. */
  readonly eventType: string | null;
  /** Null for what is no app's, e.g. an event of the platform's own account. */
  readonly app: { readonly id: string; readonly slug: string; readonly name: string } | null;
  /** Why the last try failed. */
  readonly reason: string | null;
  readonly sendCount: number;
  readonly createdAt: Date;
  readonly deadAt: Date;
}

const member = (name: string) => sql`${outboxMessages.data} ->> ${sql.raw(`'${name}'`)}`;
const isEvent = eq(outboxMessages.name, "stripe/event.received");
const appOfMessage = or(
  eq(apps.id, sql`coalesce(${refunds.appId}, ${notifications.appId}, ${member("appId")})`),
  appOwnsEvent,
);

/**
 * Messages of every kind that failed for good, the newest first.
 *
 * @param input.limit 1–100; 50 unless told
 * @param input.cursor `nextCursor` of the page before
 * @throws RedressError `invalid_input` for a cursor that is none
 */
export async function listDeadLetters(
  { database }: Pick<Dependencies, "database">,
  input: {
    appIds: readonly string[] | "all";
    app?: string | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  },
): Promise<{ deadLetters: DeadLetter[]; nextCursor: string | null }> {
  const limit = Math.min(100, Math.max(1, input.limit ?? 50));
  const after = input.cursor === undefined ? undefined : readCursor(input.cursor);
  const { deadAt, id } = outboxMessages;
  const rows = await selectDead(
    database,
    and(
      input.appIds === "all" ? undefined : inArray(apps.id, [...input.appIds]),
      input.app === undefined ? undefined : eq(apps.slug, input.app),
      after && sql`(${deadAt}, ${id}) < (${after.at}::timestamptz, ${after.id})`,
    ),
  )
    .orderBy(desc(deadAt), desc(id))
    .limit(limit + 1);
  const deadLetters = rows
    .slice(0, limit)
    .flatMap(({ deadAt, ...row }) => (deadAt ? [{ ...row, deadAt }] : []));
  const last = rows.length > limit ? deadLetters.at(-1) : undefined;
  return { deadLetters, nextCursor: last ? writeCursor({ at: last.deadAt, id: last.id }) : null };
}

/**
 * Whose a dead letter is.
 *
 * @returns null: nobody's but the desk's; undefined: there is no such dead letter
 */
export async function appOfDeadLetter(
  database: Queryable,
  messageId: string,
): Promise<string | null | undefined> {
  const [row] = await selectDead(database, eq(outboxMessages.id, messageId));
  return row && (row.app?.id ?? null);
}

function selectDead(database: Queryable, where: SQL | undefined) {
  return database
    .select({
      id: outboxMessages.id,
      name: outboxMessages.name,
      subjectId: sql<string | null>`coalesce(
        ${member("id")}, ${member("refundId")}, ${member("notificationId")}, ${member("appId")})`,
      eventType: stripeEvents.type,
      app: { id: apps.id, slug: apps.slug, name: apps.name },
      reason: outboxMessages.lastError,
      sendCount: outboxMessages.sendCount,
      createdAt: outboxMessages.createdAt,
      deadAt: outboxMessages.deadAt,
    })
    .from(outboxMessages)
    .leftJoin(stripeEvents, and(isEvent, eq(stripeEvents.id, member("id"))))
    .leftJoin(refunds, eq(refunds.id, member("refundId")))
    .leftJoin(notifications, eq(notifications.id, member("notificationId")))
    .leftJoin(apps, appOfMessage)
    .where(and(isNotNull(outboxMessages.deadAt), where))
    .$dynamic();
}
