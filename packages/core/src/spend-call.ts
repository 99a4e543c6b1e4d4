import { type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Dependencies } from "./dependencies.ts";
import { RedressError } from "./errors.ts";

const minuteMs = 60_000;

/** Rows that are used so often a minute: `rateFreeAt` is the moment up to which their calls are spent. */
type RatedTable = PgTable & { readonly id: PgColumn; readonly rateFreeAt: PgColumn };

/**
 * Counts one call against the rate of a row, in the database, so that all servers count together: each call moves the
 * moment up to which calls are spent, which may be a minute ahead at most.
 *
 * @param call.sentence what whoever is too fast is told
 * @throws RedressError `rate_limited` with `details.retryAfterSeconds`
 */
export async function spendCall(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  table: RatedTable,
  call: { id: string; ratePerMinute: number; sentence: string },
): Promise<void> {
  const now = clock.now();
  const everySeconds = minuteMs / call.ratePerMinute / 1000;
  const next = sql`greatest(${table.rateFreeAt}, ${at(now)}) + make_interval(secs => ${everySeconds})`;
  const { rowCount } = await database.execute(
    sql`update ${table} set rate_free_at = ${next}
        where ${table.id} = ${call.id} and ${next} <= ${at(new Date(now.getTime() + minuteMs))}`,
  );
  if (rowCount === 1) return;
  throw new RedressError("rate_limited", call.sentence, {
    details: { retryAfterSeconds: Math.max(1, Math.ceil(everySeconds)) },
  });
}

const at = (moment: Date): SQL => sql`${moment.toISOString()}::timestamptz`;
