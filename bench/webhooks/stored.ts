import { query } from "../database-server.ts";
import type { SubjectName } from "../options.ts";

/** Where each subject keeps events; the sync engine keeps objects, so its events cannot be counted. */
const tables: Readonly<Record<SubjectName, string | null>> = {
  raw: "events",
  "sync-engine": null,
  redress: "stripe_events",
};

export interface Kept {
  readonly acknowledged: number;
  /** How many of the acknowledged ones are in the database. */
  readonly stored: number;
  /** Ids that were acknowledged and are not there. */
  readonly missing: readonly string[];
}

/** Looks for every acknowledged event, by its id. @returns null where a subject keeps no events */
export async function countStored(
  subject: SubjectName,
  connectionString: string,
  acknowledged: readonly string[],
): Promise<Kept | null> {
  const table = tables[subject];
  if (table === null) return null;
  const rows = await query<{ id: string }>(
    connectionString,
    `select sought.id from unnest($1::text[]) as sought (id) left join ${table} using (id) where ${table}.id is null`,
    [acknowledged],
  );
  const missing = rows.map(({ id }) => id);
  return { acknowledged: acknowledged.length, stored: acknowledged.length - missing.length, missing };
}

/** What Redress has done with its events. */
export interface Drained {
  readonly handled: number;
  /** Messages whose effect is not in the database yet. */
  readonly open: number;
}

export async function readDrained(connectionString: string): Promise<Drained> {
  const [row] = await query<{ handled: string; open: string }>(
    connectionString,
    `select (select count(*) from stripe_events where handled_at is not null) as handled,
      (select count(*) from outbox_messages where send_at is not null) as open`,
  );
  return { handled: Number(row?.handled ?? 0), open: Number(row?.open ?? 0) };
}
