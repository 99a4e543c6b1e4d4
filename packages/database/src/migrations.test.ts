import { randomBytes } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { migrateDatabase } from "./migrate.ts";
import { inDatabase, query } from "./testing/admin.ts";

// An upgrade keeps what the desk was told: nothing that needed a person is let out by a migration.
const server = inject("testDatabaseServer");
const name = `test_upgrade_${randomBytes(6).toString("hex")}`;
const connectionString = inDatabase(server, name);
const migrations = join(import.meta.dirname, "../migrations");
beforeAll(() => query(server, `create database ${name}`));
afterAll(() => query(server, `drop database if exists ${name} with (force)`));

/** The database as it was before a migration. */
async function migrateUntil(tag: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "redress-migrations-"));
  try {
    await cp(migrations, folder, { recursive: true });
    const file = join(folder, "meta/_journal.json");
    const journal: { entries: { tag: string }[] } = JSON.parse(await readFile(file, "utf8"));
    const index = journal.entries.findIndex((entry) => entry.tag.endsWith(tag));
    expect(index).toBeGreaterThan(0);
    await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, index) }));
    const client = new pg.Client({ connectionString });
    await client.connect();
    await migrate(drizzle(client), { migrationsFolder: folder });
    await client.end();
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("approval rules become the first version of each app's policy, and the desk's own asks a person", async () => {
  await migrateUntil("_policies");
  await query(
    connectionString,
    `insert into apps (id, slug, name, created_at, updated_at)
       select 'app_' || n, 'app-' || n, 'App', now(), now() from generate_series(1, 2) as n`,
    `insert into operators (id, name, email, created_at, updated_at)
       values ('opr_ada', 'Ada', 'ada@example.com', now(), now())`,
    `insert into approval_rules (app_id, currency, maximum_amount, created_at, created_by) values
       ('app_1', 'usd', 6000, '2026-11-01T10:00:00Z', 'opr_ada'),
       ('app_1', 'eur', 5000, '2026-11-01T10:00:00Z', 'opr_ada')`,
  );
  await migrateDatabase(connectionString);
  const rows = await query(
    connectionString,
    `select app_id, number, document, created_by_kind, created_by_id, created_at
       from policy_versions order by app_id nulls first`,
  );
  expect(rows).toMatchObject([
    { app_id: null, number: 1, document: { rules: [] } },
    {
      app_id: "app_1",
      number: 1,
      document: {
        rules: [
          {
            name: "Small amounts",
            when: {
              amount: [
                { currency: "eur", atMost: 5000 },
                { currency: "usd", atMost: 6000 },
              ],
            },
            verdict: "allow",
          },
        ],
      },
      created_by_kind: "operator",
      created_by_id: "opr_ada",
      created_at: new Date("2026-11-01T10:00:00Z"),
    },
  ]);
});
