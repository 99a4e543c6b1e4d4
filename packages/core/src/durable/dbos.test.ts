import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { connectDatabase } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDbosEngine } from "./dbos.ts";
import { describeEngine } from "./engine-suite.ts";

// The port's promises on DBOS: nothing is lost in a crash, no finished step is repeated, failures are seen.
let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

const logger = { debug() {}, info() {}, warn() {}, error() {} };

describeEngine("DBOS", async (given) =>
  createDbosEngine({ ...given, connectionString: testDatabase.connectionString, logger, retryIntervalMs: 5 }),
);

test("a process killed in the middle of a workflow: the next one goes on where it was", async () => {
  const { connectionString } = testDatabase;
  const { database, close } = connectDatabase({ connectionString });
  await database.execute(sql`create table crash_steps (id serial primary key, step text not null)`);
  const first = startProcess(connectionString, "hang");
  await first.said("hanging");
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = startProcess(connectionString, "finish");
  await second.said("finished");
  const { rows } = await database.execute<{ step: string }>(sql`select step from crash_steps order by id`);
  expect(rows.map(({ step }) => step)).toEqual(["first", "second", "second", "third rfd_1 42"]);
  second.child.kill("SIGKILL");
  await once(second.child, "exit");
  await close();
});

function startProcess(connectionString: string, mode: "hang" | "finish") {
  const program = fileURLToPath(new URL("testing/crash-workflow.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program, connectionString, mode], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  return {
    child,
    said: (wanted: string) =>
      new Promise<void>((resolve, reject) => {
        reader.on("line", (line) => {
          lines.push(line);
          if (line === wanted) resolve();
        });
        child.on("exit", () =>
          reject(new Error(`the process ended before it said ${wanted}: ${lines.join("\n")}`)),
        );
      }),
  };
}
