import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { migrationsFolder } from "./migrate.ts";

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
  const file = join(migrationsFolder(), "meta/_journal.json");
  const journal: { entries: unknown[] } = JSON.parse(await readFile(file, "utf8"));
  const client = new pg.Client({
    connectionString,
    application_name: "redress-doctor",
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
  client.on("error", () => {});
  await client.connect();
  try {
    const server = await client.query<{ version: string; now: Date; table: string | null }>(
      `select current_setting('server_version') as version, clock_timestamp() as now,
        to_regclass('drizzle.__drizzle_migrations')::text as table`,
    );
    const [row] = server.rows;
    const counted =
      row?.table == null
        ? 0
        : (await client.query<{ count: string }>("select count(*) from drizzle.__drizzle_migrations")).rows[0]
            ?.count;
    return {
      version: row?.version.split(" ")[0] ?? "",
      applied: Number(counted ?? 0),
      known: journal.entries.length,
      databaseNow: row?.now ?? new Date(0),
    };
  } finally {
    await client.end();
  }
}
