import { outboxMessages, stripeEvents } from "@redress/database";
import { and, asc, eq, gte, inArray, isNotNull, isNull, lt, max, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { reducePayload } from "./reduce-payload.ts";

const dayMs = 24 * 3_600_000;
const batchSize = 100;
/** So that a sweep ends also where years are made up for. */
const mostBatches = 20;

/**
 * Removes what is personal from the payloads of events that have reached the age of
 * `settings.eventRetentionDays`, and what older releases copied of it into the outbox. The row stays: an
 * event that comes again is still known, and what it was about is still told.
 *
 * Events are expunged in the order in which they came, so the newest that was says where to go on.
 *
 * @returns how many were expunged; more may be left for the next time
 */
export async function expungeEvents(
  dependencies: Pick<Dependencies, "database" | "clock" | "settings">,
): Promise<number> {
  let sum = 0;
  for (let batch = 0; batch < mostBatches; batch += 1) {
    const count = await expungeBatch(dependencies);
    sum += count;
    if (count < batchSize) break;
  }
  return sum;
}

async function expungeBatch({
  database,
  clock,
  settings,
}: Pick<Dependencies, "database" | "clock" | "settings">): Promise<number> {
  const now = clock.now();
  const end = new Date(now.getTime() - settings.eventRetentionDays * dayMs);
  return database.transaction(async (transaction) => {
    const [newest] = await transaction
      .select({ receivedAt: max(stripeEvents.receivedAt) })
      .from(stripeEvents)
      .where(isNotNull(stripeEvents.expungedAt));
    const from = newest?.receivedAt ? gte(stripeEvents.receivedAt, newest.receivedAt) : undefined;
    // Several came in the same millisecond; a row that another sweeper holds is waited for, not passed by.
    const old = await transaction
      .select({ id: stripeEvents.id, payload: stripeEvents.payload })
      .from(stripeEvents)
      .where(and(from, lt(stripeEvents.receivedAt, end), isNull(stripeEvents.expungedAt)))
      .orderBy(asc(stripeEvents.receivedAt), asc(stripeEvents.id))
      .limit(batchSize)
      .for("update");
    for (const { id, payload } of old) {
      await transaction
        .update(stripeEvents)
        .set({ payload: reducePayload(payload), expungedAt: now })
        .where(eq(stripeEvents.id, id));
    }
    if (old.length > 0) {
      await transaction
        .update(outboxMessages)
        .set({ data: sql`jsonb_build_object('id', ${outboxMessages.data} -> 'id')` })
        .where(
          and(
            inArray(
              outboxMessages.factKey,
              old.map(({ id }) => `stripe-event:${id}`),
            ),
            sql`${outboxMessages.data} ? 'data'`,
          ),
        );
    }
    return old.length;
  });
}
