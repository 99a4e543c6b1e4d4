import { migrateDatabase } from "@redress/database";
import pg from "pg";
import { type FillStep, newestSetting, steps } from "./fill-steps.ts";

interface FillOptions {
  readonly purchases: number;
  readonly say: (line: string) => void;
  readonly newest?: Date;
  readonly more?: readonly FillStep[];
}

const usualNewest = new Date("2026-11-01T12:00:00Z");

/**
 * Fills an empty database with the books of a desk that sells once a minute: a tenth of the purchases is refunded, and
 * each has its events, messages and log entries. The same numbers always give the same rows.
 *
 * @param options.newest when the newest purchase was made; 1 November 2026 unless told
 * @param options.more what else is written, after all else
 */
export async function fillDatabase(
  connectionString: string,
  { purchases, say, newest = usualNewest, more = [] }: FillOptions,
): Promise<void> {
  await migrateDatabase(connectionString);
  const client = new pg.Client({ connectionString, application_name: "redress-bench" });
  await client.connect();
  try {
    // Triggers and foreign keys judge row by row, which would take hours; checks and unique indexes hold.
    await client.query("set session_replication_role = replica");
    await client.query("select set_config($1, $2, false)", [newestSetting, newest.toISOString()]);
    const began = performance.now();
    for (const step of [...steps, ...more]) await insert(client, step, purchases);
    // Statistics, and the GIN index without its list of late entries: as autovacuum leaves a desk that grew slowly.
    await client.query("vacuum analyze");
    say(`${purchases} purchases were written in ${Math.round((performance.now() - began) / 1_000)} s.`);
  } finally {
    await client.end();
  }
}

async function insert(client: pg.Client, { text, values }: FillStep, purchases: number): Promise<void> {
  await client.query(text, [purchases, ...values]);
}
