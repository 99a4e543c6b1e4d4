import {
  auditLogs,
  auditSeals,
  notifications,
  outboxMessages,
  type Queryable,
  refunds,
  requestShares,
  stripeEvents,
} from "@redress/database";
import { and, count, eq, inArray, isNotNull, lte, max, min, type SQL } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Dependencies } from "../dependencies.ts";
import { openAlertConditions, openAlertKinds } from "../open-alert-conditions.ts";
import { openStatuses } from "../refunds/open-statuses.ts";

/** One measured value, as Prometheus has it: a name, what it says, and the labels that tell it from its like. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The state of the desk as numbers, read from the database: the same whichever process is asked, and true also when
 * the engine stands still. Each is answered by an index over what is open, not by counting what is done. Seconds are
 * ages of the oldest; 0 where nothing waits.
 */
export async function readGauges({
  database,
  clock,
}: Pick<Dependencies, "database" | "clock">): Promise<readonly Gauge[]> {
  const now = clock.now();
  const parts = await Promise.all([
    refundGauges(database, now),
    outboxGauges(database, now),
    eventGauges(database, now),
    notificationGauges(database, now),
    alertGauges(database, now),
    sealGauge(database),
    shareGauges(database, now),
  ]);
  return parts.flat();
}

async function refundGauges(database: Queryable, now: Date): Promise<Gauge[]> {
  const rows = await database
    .select({ status: refunds.status, count: count() })
    .from(refunds)
    .where(inArray(refunds.status, [...openStatuses]))
    .groupBy(refunds.status);
  const unknown = and(eq(refunds.status, "executing"), eq(refunds.outcomeUnknown, true));
  return [
    ...openStatuses.map((status) => ({
      name: "redress_refunds_open",
      help: "Refunds that have not come to rest, by status.",
      value: rows.find((row) => row.status === status)?.count ?? 0,
      labels: { status },
    })),
    {
      name: "redress_refunds_unknown",
      help: "Refunds of which nobody knows yet whether Stripe made them.",
      value: await database.$count(refunds, unknown),
    },
    {
      name: "redress_refunds_unknown_oldest_seconds",
      help: "Since when the oldest of these was asked for.",
      value: await ageOf(database, { table: refunds, column: refunds.requestedAt, where: unknown, now }),
    },
  ];
}

async function outboxGauges(database: Queryable, now: Date): Promise<Gauge[]> {
  const due = and(isNotNull(outboxMessages.sendAt), lte(outboxMessages.sendAt, now));
  return [
    {
      name: "redress_outbox_due",
      help: "Messages that are due and not taken by the workflow engine yet.",
      value: await database.$count(outboxMessages, due),
    },
    {
      name: "redress_outbox_lag_seconds",
      help: "How long the oldest of them is due: the engine's lag.",
      value: await ageOf(database, { table: outboxMessages, column: outboxMessages.sendAt, where: due, now }),
    },
    {
      name: "redress_outbox_dead",
      help: "Messages that failed for good.",
      value: await database.$count(outboxMessages, isNotNull(outboxMessages.deadAt)),
    },
  ];
}

async function eventGauges(database: Queryable, now: Date): Promise<Gauge[]> {
  const received = eq(stripeEvents.status, "received");
  return [
    {
      name: "redress_stripe_events_open",
      help: "Events of Stripe that were acknowledged and not handled yet.",
      value: await database.$count(stripeEvents, received),
    },
    {
      name: "redress_stripe_events_lag_seconds",
      help: "How long the oldest of them waits.",
      value: await ageOf(database, {
        table: stripeEvents,
        column: stripeEvents.receivedAt,
        where: received,
        now,
      }),
    },
    {
      name: "redress_stripe_events_failed",
      help: "Events of Stripe that could not be handled.",
      value: await database.$count(stripeEvents, eq(stripeEvents.status, "failed")),
    },
  ];
}

async function notificationGauges(database: Queryable, now: Date): Promise<Gauge[]> {
  const due = and(isNotNull(notifications.nextAttemptAt), lte(notifications.nextAttemptAt, now));
  return [
    {
      name: "redress_notifications_waiting",
      help: "Messages to apps that are to be sent, now or again later.",
      value: await database.$count(notifications, isNotNull(notifications.nextAttemptAt)),
    },
    {
      name: "redress_notifications_lag_seconds",
      help: "How long the oldest that is due waits.",
      value: await ageOf(database, {
        table: notifications,
        column: notifications.nextAttemptAt,
        where: due,
        now,
      }),
    },
  ];
}

async function alertGauges(database: Queryable, now: Date): Promise<Gauge[]> {
  const conditions = openAlertConditions(database, now);
  return Promise.all(
    openAlertKinds.map(async (kind) => ({
      name: "redress_alerts_open",
      help: "What waits for a person on the page Needs you, by kind.",
      value: await database.$count(refunds, conditions[kind]),
      labels: { kind },
    })),
  );
}

/** The chain follows the log within seconds; entries that it does not cover could still be taken away unnoticed. */
async function sealGauge(database: Queryable): Promise<Gauge[]> {
  const [[written], [sealed]] = await Promise.all([
    database.select({ id: max(auditLogs.id) }).from(auditLogs),
    database.select({ id: max(auditSeals.auditLogId) }).from(auditSeals),
  ]);
  return [
    {
      name: "redress_audit_unsealed",
      help: "About how many entries of the audit log its hash chain does not cover yet.",
      value: Math.max(0, (written?.id ?? 0) - (sealed?.id ?? 0)),
    },
  ];
}

/** Background reads share a part of what Stripe allows: how long the next one of each kind would wait. */
async function shareGauges(database: Queryable, now: Date): Promise<Gauge[]> {
  const rows = await database.select().from(requestShares);
  return requestShares.share.enumValues.map((share) => {
    const freeAt = rows.find((row) => row.share === share)?.freeAt ?? now;
    return {
      name: "redress_stripe_share_booked_seconds",
      help: "For how long the share of Stripe's rate limit that background reads of a kind have is spoken for.",
      value: Math.max(0, (freeAt.getTime() - now.getTime()) / 1000),
      labels: { share },
    };
  });
}

async function ageOf(
  database: Queryable,
  of: { table: PgTable; column: PgColumn; where: SQL | undefined; now: Date },
): Promise<number> {
  const [row] = await database
    .select({ oldest: min(of.column) })
    .from(of.table)
    .where(of.where);
  const oldest = row?.oldest;
  return oldest instanceof Date ? Math.max(0, (of.now.getTime() - oldest.getTime()) / 1000) : 0;
}
