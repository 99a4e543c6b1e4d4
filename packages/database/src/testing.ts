import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { inject } from "vitest";
import { errorCode } from "./embedded/embedded-postgres-error.ts";
import { inDatabase, query } from "./testing/admin.ts";

export interface TestDatabase {
  connectionString: string;
  /** Also ends connections that are still open. */
  drop(): Promise<void>;
}

/**
 * A migrated, empty database of its own for a Vitest test file, copied in some tens of milliseconds from
 * the template that `testing/global-setup.ts` made. Use in `beforeAll`, and drop in `afterAll`.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  return copyOf(inject("testDatabaseTemplate"));
}

/**
 * A copy of a test database as it is now: a backup of it, ready to be used as the restored one. PostgreSQL copies no
 * database that somebody is connected to, so connections to it are ended first; a pool opens new ones.
 */
export async function copyTestDatabase({
  connectionString,
}: {
  connectionString: string;
}): Promise<TestDatabase> {
  const source = decodeURIComponent(new URL(connectionString).pathname.slice(1));
  return copyOf(source, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${source}'`);
}

/** An empty database without any schema, to be migrated by the test itself. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const name = newName();
  await query(inject("testDatabaseServer"), `create database ${name}`);
  return databaseOf(name);
}

async function copyOf(source: string, ...before: string[]): Promise<TestDatabase> {
  const server = inject("testDatabaseServer");
  const name = newName();
  const copy = `create database ${name} template ${source}`;
  for (let attempt = 1; ; attempt++) {
    try {
      await query(server, ...before, copy);
      break;
    } catch (error) {
      // object_in_use: a template cannot be copied while somebody, such as autovacuum, is connected to it.
      if (errorCode(error) !== "55006" || attempt === 50) throw error;
      await delay(20);
    }
  }
  return databaseOf(name);
}

const newName = () => `test_${randomBytes(6).toString("hex")}`;

function databaseOf(name: string): TestDatabase {
  const server = inject("testDatabaseServer");
  return {
    connectionString: inDatabase(server, name),
    drop: async () => {
      await query(server, `drop database if exists ${name} with (force)`);
    },
  };
}
