import { outboxMessages } from "@redress/database";
import { and, asc, inArray, lte, type SQL, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

/** An engine took a message this often in vain before it counts as dead: with the graces below, for over half a day. */
export const maximumSends = 20;
const firstGraceMs = 30_000;
const longestGraceMs = 3_600_000;

/** Events of Stripe may come in floods; whatever else is queued does not wait behind them. */
export type Kind = "events" | "others";
export type TakenRow = typeof outboxMessages.$inferSelect;

// Words and not parameters: the index of the others is for exactly this condition.
const isOfKind: Record<Kind, SQL> = {
  events: sql`${outboxMessages.name} = 'stripe/event.received'`,
  others: sql`${outboxMessages.name} <> 'stripe/event.received'`,
};

/**
 * Takes what is due, the longest first, and says in the same statement when it is due again: after the grace,
 * which grows. What was sent in vain too often is not taken, but stays, visible, until a person sends it again.
 *
 * @returns what is to be sent, and how many rows were due, at most the limit
 */
export async function takeDue(
  { database, clock, logger }: Pick<Dependencies, "database" | "clock" | "logger">,
  take: { kind: Kind; limit: number },
): Promise<{ rows: TakenRow[]; count: number }> {
  const now = clock.now();
  const due = database
    .select({ id: outboxMessages.id })
    .from(outboxMessages)
    .where(and(lte(outboxMessages.sendAt, now), isOfKind[take.kind]))
    .orderBy(asc(outboxMessages.sendAt))
    .limit(take.limit)
    .for("update", { skipLocked: true });
  const moment = sql`${now.toISOString()}::timestamptz`;
  const isSpent = sql`${outboxMessages.sendCount} >= ${maximumSends}`;
  const graceMs = sql`least(${firstGraceMs} * power(2, ${outboxMessages.sendCount}), ${longestGraceMs})`;
  const taken = await database
    .update(outboxMessages)
    .set({
      sendCount: sql`case when ${isSpent} then ${outboxMessages.sendCount} else ${outboxMessages.sendCount} + 1 end`,
      sendAt: sql`case when ${isSpent} then null else ${moment} + ${graceMs} * interval '1 millisecond' end`,
      deadAt: sql`case when ${isSpent} then ${moment} end`,
    })
    .where(inArray(outboxMessages.id, due))
    .returning();
  const rows: TakenRow[] = [];
  for (const row of taken) {
    if (row.deadAt === null) rows.push(row);
    else tellDead(logger, row);
  }
  return { rows, count: taken.length };
}

/** Whatever the reason, a person has to look. */
export function tellDead(logger: Dependencies["logger"], row: TakenRow): void {
  const { id, name, factKey, lastError } = row;
  logger.error(
    { id, name, factKey, lastError },
    "A message failed for good; look into it and send it again.",
  );
}
