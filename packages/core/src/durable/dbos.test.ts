import { once } from "node:events";
import { connectDatabase } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDbosEngine } from "./dbos.ts";
import { describeEngine } from "./engine-suite.ts";
import { losing } from "./testing/losing.ts";
import { startCrashWorkflow } from "./testing/start-crash-workflow.ts";

// The port's promises on DBOS: nothing is lost in a crash, no finished step is repeated, failures are seen.
let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

const logger = { debug() {}, info() {}, warn() {}, error() {} };

describeEngine("DBOS", async (given) => {
  const engine = createDbosEngine({ ...given, logger, retryIntervalMs: 5 });
  return { ...losing(engine), close: async () => {} };
});

test("a process killed in the middle of a workflow: the next one goes on where it was", async () => {
  const { connectionString } = testDatabase;
  const { database, close } = connectDatabase({ connectionString });
  await database.execute(sql`create table crash_steps (id serial primary key, step text not null)`);
  const first = startCrashWorkflow([connectionString, "hang", "dbos"]);
  await first.said("hanging");
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = startCrashWorkflow([connectionString, "finish", "dbos"]);
  await second.said("finished");
  const { rows } = await database.execute<{ step: string }>(sql`select step from crash_steps order by id`);
  expect(rows.map(({ step }) => step)).toEqual(["first", "second", "second", "third rfd_1 42"]);
  second.child.kill("SIGKILL");
  await once(second.child, "exit");
  await close();
});
