import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { migrationsFolder } from "../migrations-folder.ts";

/**
 * Makes an empty database what it was before a migration, as an earlier release left it.
 *
 * @param tag of the migration, or its end, e.g. `_policies`
 */
export async function migrateUntil(connectionString: string, tag: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "redress-migrations-"));
  const client = new pg.Client({ connectionString });
  try {
    await cp(migrationsFolder(), folder, { recursive: true });
    const file = join(folder, "meta/_journal.json");
    const journal: { entries: { tag: string }[] } = JSON.parse(await readFile(file, "utf8"));
    const index = journal.entries.findIndex((entry) => entry.tag.endsWith(tag));
    if (index < 1) throw new Error(`No migration ${tag}, or none before it.`);
    await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, index) }));
    await client.connect();
    await migrate(drizzle(client), { migrationsFolder: folder });
  } finally {
    await client.end();
    await rm(folder, { recursive: true });
  }
}
