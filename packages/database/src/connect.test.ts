import { inspect } from "node:util";
import { eq, inArray, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectDatabase, type DatabaseConnection } from "./connect.ts";
import { operatorSessions } from "./schema.ts";
import { createTestDatabase, type TestDatabase } from "./testing.ts";

let testDatabase: TestDatabase;
let connection: DatabaseConnection;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase(testDatabase);
});
afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

describe("a query that fails", () => {
  // U+0000 is what PostgreSQL's text cannot hold.
  const token = "a-session-that-opens-the-desk\u0000";

  it.each([
    ["alone", () => find(connection.database)],
    ["in a transaction", () => connection.database.transaction(find)],
  ])("tells nobody what it was asked with, %s", async (_where, ask) => {
    const error = await ask().catch((thrown: unknown) => thrown);
    const told = inspect(error, { depth: 10, showHidden: true });
    expect(told).not.toContain("a-session-that-opens-the-desk");
    // What helps to find the defect stays.
    expect(told).toContain('from "operator_sessions"');
    expect(told).toContain("invalid byte sequence");
    expect(told).toMatch(/connect\.test\.ts|session\.(ts|js)/);
  });

  const find = async (queryable: Pick<DatabaseConnection["database"], "select">) =>
    queryable.select().from(operatorSessions).where(eq(operatorSessions.token, token));
});

it("prepares what comes again and again, and what comes once does not; the answers are the same", async () => {
  const { database } = connection;
  const prepared = async () => {
    const { rows } = await database.execute<{ statement: string }>(
      sql`select statement from pg_prepared_statements where statement like '%operator_sessions%'`,
    );
    return rows.length;
  };
  await database.transaction(async (transaction) => {
    for (let count = 0; count < 40; count += 1) {
      const found = transaction
        .select()
        .from(operatorSessions)
        .where(eq(operatorSessions.token, `t-${count}`));
      expect(await found).toEqual([]);
    }
  });
  await database
    .select()
    .from(operatorSessions)
    .where(inArray(operatorSessions.token, ["a", "b", "c"]));
  expect(await prepared()).toBe(1);
});
