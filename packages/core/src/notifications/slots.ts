import { notifications, type Transaction } from "@redress/database";
import { and, eq, gt, isNotNull, ne, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

/** So many attempts to reach one app are made at a time: an app that hangs keeps no other waiting, nor is it flooded. */
export const attemptsAtOnce = 8;
/** What an attempt takes at an app in good health: how fast a queue is expected to shorten. */
const usualAttemptMs = 50;
const shortestWaitMs = 500;
const longestWaitMs = 60_000;
/** A longer queue is not counted to its end. */
const mostCounted = 10_000;

type NotificationRow = typeof notifications.$inferSelect;

/**
 * Whether an app may be sent one more message now. Those that ask for one app take turns, so that the limit holds
 * exactly; a ping is never put off, since somebody waits for it.
 *
 * @returns null when it may, otherwise when to ask again: the longer, the more messages wait for that app
 */
export async function slotFreeAt(
  { clock, random }: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  { id, appId, type }: NotificationRow,
): Promise<Date | null> {
  if (type === "ping") return null;
  const now = clock.now();
  await transaction.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`notification-slots:${appId}`}, 0))`,
  );
  const ofOthers = and(eq(notifications.appId, appId), ne(notifications.id, id));
  const underWay = await transaction.$count(
    notifications,
    and(ofOthers, gt(notifications.leaseUntil, now), eq(notifications.status, "pending")),
  );
  if (underWay < attemptsAtOnce) return null;
  const queue = transaction
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(ofOthers, isNotNull(notifications.nextAttemptAt)))
    .limit(mostCounted)
    .as("queue");
  const waiting = await transaction.$count(queue);
  const expected = (waiting / attemptsAtOnce) * usualAttemptMs;
  const wait = Math.min(Math.max(expected, shortestWaitMs), longestWaitMs);
  // Between half of it and one and a half, so that those who wait do not come back together.
  const jitter = 0.5 + (random.bytes(1)[0] ?? 128) / 255;
  return new Date(now.getTime() + Math.round(wait * jitter));
}
