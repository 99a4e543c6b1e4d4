import {
  apps,
  auditLogs,
  notifications,
  outboxMessages,
  type Queryable,
  stripeEvents,
} from "@redress/database";
import { and, asc, eq, getTableColumns, inArray, or, sql } from "drizzle-orm";
import { z } from "zod";
import type { AuditLogEntry } from "../audit/list-audit.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { appOwnsEvent } from "./event-scope.ts";
import type { EventSummary } from "./list-events.ts";

/** What an event is about, as far as it is nobody's personal data. Null where its body was removed. */
export interface EventSubject {
  /** Stripe's word, e.g. `refund`. */
  readonly object: string | null;
  readonly id: string | null;
  readonly chargeId: string | null;
  readonly status: string | null;
  /** In the currency's smallest unit. */
  readonly amount: number | null;
  readonly currency: string | null;
  /** The names of what changed with it (Stripe: `previous_attributes`). */
  readonly changed: readonly string[];
  /** The key of the API call that caused it (Stripe: `request`). */
  readonly idempotencyKey: string | null;
}

export interface EventDetail extends EventSummary {
  readonly app: { readonly id: string; readonly slug: string; readonly name: string } | null;
  readonly subject: EventSubject | null;
  /** Its message to the workflow engine: when it is sent next, or why no more. */
  readonly message: Pick<
    typeof outboxMessages.$inferSelect,
    "id" | "sendAt" | "sendCount" | "completedAt" | "deadAt" | "lastError"
  > | null;
  /** What handling it wrote into the log, and who had it handled again; oldest first. */
  readonly changes: readonly AuditLogEntry[];
  /** What apps were told because of it. */
  readonly notifications: readonly Pick<
    typeof notifications.$inferSelect,
    "id" | "appId" | "refundId" | "type" | "access" | "status" | "attemptCount" | "createdAt"
  >[];
  /** As it came, with the personal data in it; only where it was asked for. */
  readonly payload?: string;
}

/**
 * One event with all that it led to.
 *
 * @param input.payload its body too, with the customer's data in it
 * @param input.appIds entries and notifications of other apps are left out
 * @throws RedressError `event_not_found`
 */
export async function showEvent(
  { database }: Pick<Dependencies, "database">,
  input: { eventId: string; appIds: readonly string[] | "all"; payload?: boolean | undefined },
): Promise<EventDetail> {
  const { eventId, appIds } = input;
  const [row] = await database
    .select({ event: getTableColumns(stripeEvents), app: { id: apps.id, slug: apps.slug, name: apps.name } })
    .from(stripeEvents)
    .leftJoin(apps, appOwnsEvent)
    .where(eq(stripeEvents.id, eventId));
  const isSeen = row && (appIds === "all" || (row.app !== null && appIds.includes(row.app.id)));
  if (!isSeen) throw new RedressError("event_not_found", `There is no event ${eventId}. Check the id.`);
  const { payload, ...event } = row.event;
  const changes = await changesBy(database, eventId, appIds);
  return {
    ...event,
    app: row.app,
    subject: subjectOf(payload),
    message: await messageOf(database, eventId),
    changes,
    notifications: await causedBy(database, changes),
    ...(input.payload ? { payload } : {}),
  };
}

const text = z.string().nullable().catch(null);
const bodySchema = z.object({
  request: z.object({ idempotency_key: text }).nullish().catch(null),
  data: z.object({
    object: z.object({
      object: text,
      id: text,
      charge: z
        .union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])
        .nullable()
        .catch(null),
      status: text,
      amount: z.number().nullable().catch(null),
      currency: text,
    }),
    previous_attributes: z.record(z.string(), z.unknown()).nullish().catch(null),
  }),
});

function subjectOf(payload: string): EventSubject | null {
  try {
    const { request, data } = bodySchema.parse(JSON.parse(payload));
    const { object, id, charge, status, amount, currency } = data.object;
    return {
      object,
      id,
      chargeId: object === "charge" ? id : charge,
      status,
      amount,
      currency,
      changed: Object.keys(data.previous_attributes ?? {}),
      idempotencyKey: request?.idempotency_key ?? null,
    };
  } catch {
    return null;
  }
}

async function messageOf(database: Queryable, eventId: string): Promise<EventDetail["message"]> {
  const { id, sendAt, sendCount, completedAt, deadAt, lastError } = outboxMessages;
  const [message] = await database
    .select({ id, sendAt, sendCount, completedAt, deadAt, lastError })
    .from(outboxMessages)
    .where(eq(outboxMessages.factKey, `stripe-event:${eventId}`));
  return message ?? null;
}

/** A workflow correlates what it does by the event; who replays one names it. */
function changesBy(
  database: Queryable,
  eventId: string,
  appIds: readonly string[] | "all",
): Promise<AuditLogEntry[]> {
  return database
    .select()
    .from(auditLogs)
    .where(
      and(
        or(
          eq(auditLogs.correlationId, eventId),
          // Words and not parameters: the index of replays is for exactly this condition.
          sql`${auditLogs.action} = 'event_replayed' and ${auditLogs.details} ->> 'eventId' = ${eventId}`,
        ),
        appIds === "all" ? undefined : inArray(auditLogs.appId, [...appIds]),
      ),
    )
    .orderBy(asc(auditLogs.id))
    .limit(200);
}

type Told = { refundId: string; type: "refund.succeeded" | "refund.failed" };

/** The entry that moved a refund stands beside the notification of it: the same transaction wrote both. */
async function causedBy(
  database: Queryable,
  changes: readonly AuditLogEntry[],
): Promise<EventDetail["notifications"]> {
  const told = changes.flatMap(({ refundId, before, after }): Told[] => {
    if (refundId === null || after?.status === undefined || after.status === before?.status) return [];
    if (after.status === "succeeded") return [{ refundId, type: "refund.succeeded" }];
    return before?.status === "succeeded" ? [{ refundId, type: "refund.failed" }] : [];
  });
  if (told.length === 0) return [];
  const { id, appId, refundId, type, access, status, attemptCount, createdAt } = notifications;
  return database
    .select({ id, appId, refundId, type, access, status, attemptCount, createdAt })
    .from(notifications)
    .where(or(...told.map((fact) => and(eq(refundId, fact.refundId), eq(type, fact.type)))))
    .orderBy(asc(createdAt), asc(id));
}
