import pg from "pg";
import { expect, test } from "vitest";
import { errorCode } from "../embedded/embedded-postgres-error.ts";
import { createTestDatabase } from "../testing.ts";
import { query } from "./admin.ts";

const tables = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace";

test("test databases made at once are migrated and know nothing of each other", async () => {
  const [one, two, ...rest] = await Promise.all(Array.from({ length: 6 }, () => createTestDatabase()));
  if (!one || !two) throw new Error("two databases");
  expect((await query(one.connectionString, tables)).length).toBeGreaterThan(0);
  await query(one.connectionString, "create table only_here (id int)");
  expect(await query(two.connectionString, `${tables} and relname = 'only_here'`)).toEqual([]);
  await Promise.all([one, two, ...rest].map((database) => database.drop()));
});

test("dropping ends connections that a test left open", async () => {
  const database = await createTestDatabase();
  const left = new pg.Client({ connectionString: database.connectionString });
  const ended = new Promise((resolve) => left.on("error", (error) => resolve(errorCode(error))));
  await left.connect();
  await database.drop();
  expect(await ended).toBe("57P01");
  await expect(query(database.connectionString, "select 1")).rejects.toMatchObject({ code: "3D000" });
});
