import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { migrationsFolder } from "./migrations-folder.ts";

/** What a database has of the desk, beside what this release wants. */
export interface SchemaState {
  /** Of the server, e.g. `18.4`. */
  readonly version: string;
  /** Migrations that were applied. */
  readonly applied: number;
  /** Migrations of this release. */
  readonly known: number;
  readonly databaseNow: Date;
}

const patienceMs = 10_000;

/**
 * Reads which schema a database has; changes nothing.
 *
 * @throws what `pg` throws when it cannot be reached or read, with the code of PostgreSQL or of the system
 */
export async function readSchemaState(connectionString: string): Promise<SchemaState> {
  const known = await countKnown();
  const client = new pg.Client({
    connectionString,
    application_name: "redress-doctor",
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
  client.on("error", () => {});
  await client.connect();
  try {
    const server = await client.query<{ version: string; now: Date }>(
      "select current_setting('server_version') as version, clock_timestamp() as now",
    );
    const [row] = server.rows;
    return {
      version: row?.version.split(" ")[0] ?? "",
      applied: await countApplied(client),
      known,
      databaseNow: row?.now ?? new Date(0),
    };
  } finally {
    await client.end();
  }
}

/** Migrations of this release. */
export async function countKnown(): Promise<number> {
  const file = join(migrationsFolder(), "meta/_journal.json");
  const journal: { entries: unknown[] } = JSON.parse(await readFile(file, "utf8"));
  return journal.entries.length;
}

/** Migrations that the database has. */
export async function countApplied(client: pg.Client): Promise<number> {
  const found = await client.query<{ table: string | null }>(
    "select to_regclass('drizzle.__drizzle_migrations')::text as table",
  );
  if (found.rows[0]?.table == null) return 0;
  const counted = await client.query<{ count: string }>("select count(*) from drizzle.__drizzle_migrations");
  return Number(counted.rows[0]?.count ?? 0);
}
