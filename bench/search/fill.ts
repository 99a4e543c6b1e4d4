import { migrateDatabase } from "@redress/database";
import pg from "pg";
import { type FillStep, steps } from "./fill-steps.ts";

/**
 * Fills an empty database with the books of a desk that sells once a minute: a tenth of the purchases is refunded, and
 * each has its events, messages and log entries. The same number always gives the same rows.
 */
export async function fillDatabase(
  connectionString: string,
  { purchases, say }: { purchases: number; say: (line: string) => void },
): Promise<void> {
  await migrateDatabase(connectionString);
  const client = new pg.Client({ connectionString, application_name: "redress-bench" });
  await client.connect();
  try {
    // Triggers and foreign keys judge row by row, which would take hours; checks and unique indexes hold.
    await client.query("set session_replication_role = replica");
    const began = performance.now();
    for (const step of steps) await insert(client, step, purchases);
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
