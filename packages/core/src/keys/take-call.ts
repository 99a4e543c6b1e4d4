import { apiKeys } from "@redress/database";
import { and, eq, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";

const minuteMs = 60_000;

/**
 * Counts one call of a key against its rate, in the database, so that all servers count together: each call
 * moves the moment up to which calls are spent, which may be a minute ahead at most.
 *
 * @throws RedressError `rate_limited` with `details.retryAfterSeconds`
 */
export async function takeCall(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  key: { id: string; ratePerMinute: number },
): Promise<void> {
  const now = clock.now();
  const everyMs = minuteMs / key.ratePerMinute;
  const next = sql`greatest(${apiKeys.rateFreeAt}, ${at(now)}) + make_interval(secs => ${everyMs / 1000})`;
  const [taken] = await database
    .update(apiKeys)
    .set({ rateFreeAt: next })
    .where(and(eq(apiKeys.id, key.id), sql`${next} <= ${at(new Date(now.getTime() + minuteMs))}`))
    .returning({ id: apiKeys.id });
  if (taken) return;
  throw new RedressError(
    "rate_limited",
    `This key may make ${key.ratePerMinute} calls a minute. Wait, then go on more slowly.`,
    { details: { retryAfterSeconds: Math.max(1, Math.ceil(everyMs / 1000)) } },
  );
}

const at = (moment: Date) => sql`${moment.toISOString()}::timestamptz`;
