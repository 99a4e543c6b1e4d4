import { apps, deliveries, notifications, type Queryable } from "@redress/database";
import { and, desc, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { readCursor, writeCursor } from "../page-cursor.ts";

/** What became of a message to an app. */
export const deliveryStates = notifications.status.enumValues;
export type DeliveryState = (typeof deliveryStates)[number];

/** Which messages are meant. */
export interface DeliveryFilter {
  readonly appIds: readonly string[] | "all";
  /** The app's slug; one that is not theirs has no messages. */
  readonly app?: string | undefined;
  readonly state?: DeliveryState | undefined;
  /** When the message came to be, not when it was sent. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** A message to an app, with its last attempt. */
export interface DeliverySummary {
  readonly id: string;
  readonly app: { readonly id: string; readonly slug: string; readonly name: string };
  readonly type: (typeof notifications.$inferSelect)["type"];
  readonly state: DeliveryState;
  readonly access: "revoke" | "restore" | "keep";
  /** Null for a ping. */
  readonly purchaseId: string | null;
  readonly refundId: string | null;
  readonly attemptCount: number;
  readonly nextAttemptAt: Date | null;
  readonly createdAt: Date;
  readonly receivedAt: Date | null;
  readonly doneAt: Date | null;
  /** Why the app declined. */
  readonly reason: string | null;
  readonly lastAttempt: {
    readonly startedAt: Date;
    readonly httpStatus: number | null;
    readonly errorCode: string | null;
    readonly errorMessage: string | null;
  } | null;
}

/** What is read of a message for any list of them. */
export const summaryColumns = {
  id: notifications.id,
  app: { id: apps.id, slug: apps.slug, name: apps.name },
  type: notifications.type,
  state: notifications.status,
  access: notifications.access,
  purchaseId: notifications.purchaseId,
  refundId: notifications.refundId,
  attemptCount: notifications.attemptCount,
  nextAttemptAt: notifications.nextAttemptAt,
  createdAt: notifications.createdAt,
  receivedAt: notifications.receivedAt,
  doneAt: notifications.doneAt,
  reason: notifications.answer,
};

/**
 * Messages to apps, the newest first.
 *
 * @param input.limit 1–100; 50 unless told
 * @param input.cursor `nextCursor` of the page before
 * @throws RedressError `invalid_input` for a cursor that is none
 */
export async function listDeliveries(
  { database }: Pick<Dependencies, "database">,
  input: DeliveryFilter & { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ deliveries: DeliverySummary[]; nextCursor: string | null }> {
  const limit = Math.min(100, Math.max(1, input.limit ?? 50));
  const after = input.cursor === undefined ? undefined : readCursor(input.cursor);
  const { createdAt, id } = notifications;
  const rows = await database
    .select(summaryColumns)
    .from(notifications)
    .innerJoin(apps, eq(apps.id, notifications.appId))
    .where(
      and(
        matching(input),
        after && sql`${createdAt} <= ${after.at}::timestamptz`,
        after && sql`(${createdAt}, ${id}) < (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(desc(createdAt), desc(id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const attempts = await lastAttempts(database, page);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    deliveries: page.map((row) => ({ ...row, lastAttempt: attempts.get(row.id) ?? null })),
    nextCursor: last ? writeCursor({ at: last.createdAt, id: last.id }) : null,
  };
}

/** The condition on notifications, joined with their apps. */
export function matching({ appIds, app, state, since, until }: DeliveryFilter): SQL | undefined {
  return and(
    appIds === "all" ? undefined : inArray(notifications.appId, [...appIds]),
    // Looked up first: by the joined slug all messages would be gone through for those of a small app.
    app === undefined
      ? undefined
      : sql`${notifications.appId} = (select ${apps.id} from ${apps} where ${eq(apps.slug, app)})`,
    state === undefined ? undefined : eq(notifications.status, state),
    since && gte(notifications.createdAt, since),
    until && lt(notifications.createdAt, until),
  );
}

async function lastAttempts(
  database: Queryable,
  page: readonly { id: string; attemptCount: number }[],
): Promise<Map<string, NonNullable<DeliverySummary["lastAttempt"]>>> {
  const sent = page.filter(({ attemptCount }) => attemptCount > 0).map(({ id }) => id);
  if (sent.length === 0) return new Map();
  const { notificationId, number, startedAt, httpStatus, errorCode, errorMessage } = deliveries;
  const rows = await database
    .selectDistinctOn([notificationId], { notificationId, startedAt, httpStatus, errorCode, errorMessage })
    .from(deliveries)
    .where(inArray(notificationId, sent))
    .orderBy(notificationId, desc(number));
  return new Map(rows.map(({ notificationId: id, ...attempt }) => [id, attempt]));
}
