import { once } from "node:events";
import { connectDatabase } from "@redress/database";
import { createTestDatabase } from "@redress/database/testing";
import { sql } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { describeEngine } from "./engine-suite.ts";
import { createInngestEngine } from "./inngest.ts";
import { startServedInngest } from "./start-served-inngest.fixture.ts";
import { startInngestServer } from "./testing/inngest-server.ts";
import { losing } from "./testing/losing.ts";
import { serveEngine } from "./testing/serve-engine.ts";
import { startCrashWorkflow } from "./testing/start-crash-workflow.ts";

// The port's promises on Inngest: the SDK's own handler over HTTP, called with signatures by a server that
// speaks its protocol; and by a real one where there is one.
const logger = { debug() {}, info() {}, warn() {}, error() {} };

describeEngine("Inngest", async (given) => {
  const { engine, server, close } = await startServedInngest(given);
  return { engine, loseNext: server.loseNext, close };
});

/**
 * `TEST_INNGEST_URL`: the origin of a server of one's own (`inngest start`) on this machine, with its keys in
 * `TEST_INNGEST_EVENT_KEY` and `TEST_INNGEST_SIGNING_KEY`. It waits for half a minute between tries.
 */
const { TEST_INNGEST_URL, TEST_INNGEST_EVENT_KEY, TEST_INNGEST_SIGNING_KEY } = process.env;
if (TEST_INNGEST_URL) {
  describeEngine(
    `Inngest at ${TEST_INNGEST_URL}`,
    async (given) => {
      const served = await serveEngine();
      const engine = createInngestEngine({
        ...given,
        configuration: {
          eventKey: TEST_INNGEST_EVENT_KEY ?? null,
          signingKey: TEST_INNGEST_SIGNING_KEY ?? null,
          signingKeyFallback: null,
          baseUrl: TEST_INNGEST_URL,
          dev: TEST_INNGEST_SIGNING_KEY === undefined,
        },
        publicUrl: served.origin,
        logger,
      });
      served.mount(engine);
      return { ...losing(engine), close: served.close };
    },
    { patienceMs: 180_000 },
  );
}

test("a process killed in the middle of a workflow: the next one goes on where it was", async () => {
  const testDatabase = await createTestDatabase();
  const { database, close } = connectDatabase({ connectionString: testDatabase.connectionString });
  await database.execute(sql`create table crash_steps (id serial primary key, step text not null)`);
  const server = await startInngestServer({ retryDelayMs: 50 });
  const { origin, eventKey, signingKey } = server;
  const start = async (mode: "hang" | "finish") => {
    const known = server.functions();
    const started = startCrashWorkflow([
      testDatabase.connectionString,
      mode,
      "inngest",
      origin,
      eventKey,
      signingKey,
    ]);
    await vi.waitFor(() => expect(server.functions()).not.toBe(known), { timeout: 20_000 });
    return started;
  };
  const first = await start("hang");
  first.child.kill("SIGUSR2");
  await first.said("hanging");
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = await start("finish");
  await second.said("finished");
  const { rows } = await database.execute<{ step: string }>(sql`select step from crash_steps order by id`);
  expect(rows.map(({ step }) => step)).toEqual(["first", "second", "second", "third rfd_1 42"]);
  second.child.kill("SIGKILL");
  await once(second.child, "exit");
  await server.close();
  await close();
  await testDatabase.drop();
}, 60_000);
