import { notifications } from "@redress/database";
import { and, eq, isNotNull, ne } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

/** So many attempts to reach one app are made at a time: an app that hangs keeps no other waiting, nor is it flooded. */
export const attemptsAtOnce = 8;
/** What an attempt takes at an app in good health: how fast a queue is expected to shorten. */
const usualAttemptMs = 50;
const shortestWaitMs = 500;
const longestWaitMs = 60_000;
/** A longer queue is not counted to its end. */
const mostCounted = 10_000;

/**
 * When to ask again for an app that has as many attempts under way as it may have: the later, the more messages wait
 * for it.
 */
export async function slotFreeAt(
  { clock, random, database }: Pick<Dependencies, "clock" | "random" | "database">,
  { id, appId }: Pick<typeof notifications.$inferSelect, "id" | "appId">,
): Promise<Date> {
  const queue = database
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(eq(notifications.appId, appId), ne(notifications.id, id), isNotNull(notifications.nextAttemptAt)),
    )
    .limit(mostCounted)
    .as("queue");
  const waiting = await database.$count(queue);
  const expected = (waiting / attemptsAtOnce) * usualAttemptMs;
  const wait = Math.min(Math.max(expected, shortestWaitMs), longestWaitMs);
  // Between half of it and one and a half, so that those who wait do not come back together.
  const jitter = 0.5 + (random.bytes(1)[0] ?? 128) / 255;
  return new Date(clock.now().getTime() + Math.round(wait * jitter));
}
