import { type Queryable, restoreApps, restores } from "@redress/database";
import { and, eq, gte, isNull, lte, max } from "drizzle-orm";

/** What was under way when the backup was made, and clocks that differ. */
const beforeMs = 60 * 60 * 1000;
/** Clocks of two companies differ. */
const afterMs = 5 * 60 * 1000;

/** From when on Stripe is asked what became of the time that a restore lost. */
export function listedSince({ since }: Pick<typeof restores.$inferSelect, "since">): Date {
  return new Date(since.getTime() - beforeMs);
}

/** Whether something was made at Stripe in a time that is lost here: the desk may have made it, and not know. */
export async function isInLostTime(queryable: Queryable, createdAt: Date): Promise<boolean> {
  const [found] = await queryable
    .select({ id: restores.id })
    .from(restores)
    .where(
      and(
        lte(restores.since, new Date(createdAt.getTime() + beforeMs)),
        gte(restores.noticedAt, new Date(createdAt.getTime() - afterMs)),
      ),
    )
    .limit(1);
  return found !== undefined;
}

/** What the next message to an app about a purchase counts from at least. */
export async function sequenceFloor(queryable: Queryable): Promise<number> {
  const [row] = await queryable.select({ floor: max(restores.sequenceFloor) }).from(restores);
  return row?.floor ?? 0;
}

/** Whether the app was not compared with Stripe since a restore: what it would send may have been sent. */
export async function isUncompared(queryable: Queryable, appId: string): Promise<boolean> {
  const [open] = await queryable
    .select({ appId: restoreApps.appId })
    .from(restoreApps)
    .where(and(eq(restoreApps.appId, appId), isNull(restoreApps.comparedAt)))
    .limit(1);
  return open !== undefined;
}
