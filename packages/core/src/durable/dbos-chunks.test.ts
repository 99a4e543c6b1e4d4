import { once } from "node:events";
import { connectDatabase, type DatabaseConnection } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDbosEngine } from "./dbos.ts";
import { describeEngine } from "./engine-suite.ts";
import { eventOf, executionOf, recordWorkflows } from "./engine-workflows.fixture.ts";
import { losing } from "./testing/losing.ts";
import { startCrashWorkflow } from "./testing/start-crash-workflow.ts";

// Workflows that may be repeated run many at a time: the port's promises hold as before, and a flood costs one run.
let testDatabase: TestDatabase;
let connection: DatabaseConnection;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString });
});
afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

const logger = { debug() {}, info() {}, warn() {}, error() {} };

describeEngine(
  "DBOS in chunks",
  async (given) => {
    const engine = createDbosEngine({ ...given, logger, retryIntervalMs: 5 });
    return { ...losing(engine), close: async () => {} };
  },
  { repeatable: true },
);

test("what is sent together is one run, and one that fails takes no other with it", async () => {
  const record = recordWorkflows({ repeatable: true });
  const { connectionString } = testDatabase;
  const engine = createDbosEngine({
    ...{ connectionString, logger, workflows: record.workflows, retryIntervalMs: 5 },
    onFailure: async (failure) => void record.failures.push(failure),
  });
  await engine.start();
  const names = Array.from({ length: 40 }, (_, index) => `one-${index}`);
  const messages = [...names.slice(0, 20), "broken", ...names.slice(20)].map(executionOf);
  await engine.send([...messages, eventOf("left")]);
  // The same sendings again are no second run.
  await engine.send([...messages, eventOf("left")]);
  await engine.stop();
  expect(names.map((name) => record.of(name).length)).toEqual(names.map(() => 2));
  expect(record.of("left")).toEqual(["left"]);
  expect(record.failures.map(({ messageId }) => messageId)).toEqual(["msg-broken"]);
  const { rows } = await connection.database.execute(sql`select status from dbos.workflow_status`);
  expect(rows).toEqual([{ status: "SUCCESS" }, { status: "SUCCESS" }]);
});

test("a process killed in the middle of a chunk: the next one runs it again, from its start", async () => {
  const { database } = connection;
  await database.execute(sql`create table crash_steps (id serial primary key, step text not null)`);
  const first = startCrashWorkflow([testDatabase.connectionString, "hang", "dbos-repeatable"]);
  await first.said("hanging");
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const second = startCrashWorkflow([testDatabase.connectionString, "finish", "dbos-repeatable"]);
  await second.said("finished");
  const { rows } = await database.execute<{ step: string }>(sql`select step from crash_steps order by id`);
  expect(rows.map(({ step }) => step)).toEqual(["first", "second", "first", "second", "third rfd_1 42"]);
  second.child.kill("SIGKILL");
  await once(second.child, "exit");
});
