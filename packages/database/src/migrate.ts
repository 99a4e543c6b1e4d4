import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { grantApplicationRole } from "./application-role.ts";
import { migrationsFolder } from "./migrations-folder.ts";
import { SchemaNewerError } from "./schema-newer-error.ts";
import { countApplied, countKnown } from "./schema-state.ts";

/** Any fixed number: two processes that start together migrate one after the other. */
const migrationLock = 7_336_377;

/**
 * Brings a database to the newest schema. Safe to call from several processes at once, and again.
 *
 * @throws SchemaNewerError, before anything is changed, where a later release migrated it
 */
export async function migrateDatabase(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, application_name: "redress-migrate" });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    const [applied, known] = [await countApplied(client), await countKnown()];
    if (applied > known) throw new SchemaNewerError(applied, known);
    await client.query("set client_min_messages = warning");
    await migrate(drizzle(client), { migrationsFolder: migrationsFolder() });
  } finally {
    await client.end();
  }
}

/**
 * Migrates with the role that owns the tables, where the operator has one apart, and gives the application's
 * role its rights; with one role for both it only migrates.
 *
 * @param connectionString what the application works with
 * @param ownerConnectionString `DATABASE_OWNER_URL`, or null
 * @throws ApplicationRoleError when the two are not apart; SchemaNewerError
 */
export async function migrateAsOwner(
  connectionString: string,
  ownerConnectionString: string | null,
): Promise<void> {
  await migrateDatabase(ownerConnectionString ?? connectionString);
  if (ownerConnectionString === null) return;
  await grantApplicationRole(ownerConnectionString, decodeURIComponent(new URL(connectionString).username));
}
