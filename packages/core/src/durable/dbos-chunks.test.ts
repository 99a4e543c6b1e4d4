import { once } from "node:events";
import { connectDatabase, type DatabaseConnection } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDbosEngine } from "./dbos.ts";
import { describeEngine } from "./engine-suite.ts";
import { deliveryOf, eventOf, executionOf, recordWorkflows } from "./engine-workflows.fixture.ts";
import type { Workflow } from "./port.ts";
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

/** Deliveries that wait for a gate, and how many of them were at work. */
function gated(concurrency: number) {
  const seen = { now: 0, most: 0, begun: 0 };
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const workflow: Workflow<"notification/delivery.due"> = {
    ...{ id: "gated", on: "notification/delivery.due", attempts: 1, repeatable: true },
    async run() {
      seen.begun += 1;
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      await opened;
      seen.now -= 1;
    },
  };
  const { connectionString } = testDatabase;
  const engine = createDbosEngine({ connectionString, logger, concurrency, workflows: [workflow] });
  const deliveries = (from: number) =>
    Array.from({ length: 20 }, (_, index) => deliveryOf(`gated-${concurrency}`, from + index));
  return { engine, seen, deliveries, open: () => open() };
}

test("chunks keep the engine's limit, and a backlog stays in the outbox", async () => {
  const { engine, seen, deliveries, open } = gated(4);
  await engine.start();
  await engine.send(deliveries(0));
  await vi.waitFor(() => expect(seen.now).toBe(4));
  let taken = false;
  const second = engine.send(deliveries(20)).then(() => {
    taken = true;
  });
  // Long enough for it to be taken, if nothing kept it.
  await connection.database.execute(sql`select pg_sleep(0.2)`);
  expect([taken, seen.most]).toEqual([false, 4]);
  open();
  await second;
  await vi.waitFor(() => expect(seen.begun).toBe(40));
  await engine.stop();
  expect(seen.most).toBe(4);
});

test("an engine that stops begins nothing more of a chunk: the outbox has it", async () => {
  const { engine, seen, deliveries, open } = gated(2);
  await engine.start();
  await engine.send(deliveries(0));
  await vi.waitFor(() => expect(seen.now).toBe(2));
  const stopped = engine.stop();
  open();
  await stopped;
  expect(seen.begun).toBe(2);
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
