import { connectDatabase, type DatabaseConnection, outboxMessages } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { enqueue } from "../outbox/enqueue.ts";
import { readMessage } from "../outbox/read-message.ts";
import { createOutboxRelay } from "../outbox/relay.ts";
import { seededRandom } from "../testing/harness.ts";
import { deliveryOf, eventOf, executionOf, recordWorkflows } from "./engine-workflows.fixture.ts";
import type { AnyWorkflow, Engine, EngineMessage, WorkflowFailure } from "./port.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const clock = { now: () => new Date() };

export interface EngineUnderTest {
  readonly engine: Engine;
  /** Makes the engine say yes to the next message and forget it. */
  loseNext(): void;
  close(): Promise<void>;
}

export type CreateEngineUnderTest = (given: {
  connectionString: string;
  workflows: AnyWorkflow[];
  onFailure: (failure: WorkflowFailure) => Promise<void>;
  readMessage: (messageId: string) => Promise<EngineMessage | null>;
}) => Promise<EngineUnderTest>;

/**
 * What every engine behind the port has to do; run it for each.
 *
 * @param options.patienceMs how long something may take; a server elsewhere takes its time before it tries again
 * @param options.repeatable whether its workflows may be run again as a whole, which engines may make use of
 */
export function describeEngine(
  name: string,
  createEngine: CreateEngineUnderTest,
  { patienceMs = 10_000, repeatable = false }: { patienceMs?: number; repeatable?: boolean } = {},
): void {
  describe(`the ${name} engine`, { timeout: patienceMs + 5_000 }, () => {
    const record = recordWorkflows({ repeatable });
    const until = <Result>(check: () => Result) => vi.waitFor(check, { timeout: patienceMs });
    let testDatabase: TestDatabase;
    let connection: DatabaseConnection;
    let tested: EngineUnderTest;
    let stopped = false;

    beforeAll(async () => {
      testDatabase = await createTestDatabase();
      connection = connectDatabase({ connectionString: testDatabase.connectionString });
      tested = await createEngine({
        connectionString: testDatabase.connectionString,
        workflows: record.workflows,
        onFailure: async (failure) => void record.failures.push(failure),
        readMessage: (messageId) => readMessage({ ...connection, clock, logger }, messageId),
      });
      await tested.engine.start();
      record.sendFromStep = () => send([executionOf("child")]);
    }, patienceMs + 30_000);
    afterAll(async () => {
      if (!stopped) await tested?.engine.stop();
      await tested?.close();
      await connection?.close();
      await testDatabase?.drop();
    });

    /** As the outbox does it: the message is in the database before the engine hears of it. */
    async function send(messages: EngineMessage[]): Promise<void> {
      const rows = messages.map((message) => ({ ...message, factKey: message.id, createdAt: new Date() }));
      await connection.database.insert(outboxMessages).values(rows).onConflictDoNothing();
      await tested.engine.send(messages);
    }

    test("runs the steps in order, with the message's data and id", async () => {
      await send([executionOf("plain")]);
      await until(() => expect(record.of("plain")).toEqual(["one", "two of msg-plain: 1"]));
    });

    test("starts only the workflows that a message is for", async () => {
      await send([eventOf("nobody"), eventOf("left"), eventOf("right")]);
      await until(() => expect([...record.of("left"), ...record.of("right")]).toEqual(["left", "right"]));
      expect(record.of("nobody")).toEqual([]);
    });

    test("tries a failing step again and does not repeat the steps before it", async () => {
      await send([executionOf("flaky")]);
      await until(() => expect(record.of("flaky")).toEqual(["one", "fail", "fail", "two"]));
      expect(record.failures.filter(({ messageId }) => messageId === "msg-flaky")).toEqual([]);
    });

    test("gives up after the last try, says why, and works on", async () => {
      await send([executionOf("broken"), executionOf("after-broken")]);
      await until(() => expect(record.of("after-broken")).toHaveLength(2));
      await until(() =>
        expect(record.failures).toMatchObject([{ workflowId: "executions", messageId: "msg-broken" }]),
      );
      expect(String(record.failures[0]?.error)).toContain("broken fails");
      expect(record.of("broken")).toEqual(["one", "fail", "fail", "fail"]);
    });

    test("runs a message again when it is sent again: the one before may be lost", async () => {
      await send([executionOf("again")]);
      await until(() => expect(record.of("again")).toHaveLength(2));
      await send([{ ...executionOf("again"), sendCount: 2 }]);
      await until(() => expect(record.of("again")).toHaveLength(4));
    });

    test("what it acknowledged and lost comes again with the outbox, after the grace", async () => {
      let now = new Date();
      const outbox = {
        database: connection.database,
        random: seededRandom(4),
        clock: { now: () => now },
        logger,
      };
      const { name, data } = executionOf("lost");
      await connection.database.transaction((transaction) =>
        enqueue(outbox, transaction, { name: "refund/execution.due", factKey: name, data }),
      );
      const relay = createOutboxRelay(outbox, tested.engine);
      tested.loseNext();
      expect(await relay.relayDue()).toBe(1);
      now = new Date(now.getTime() + 29_999);
      expect(await relay.relayDue()).toBe(0);
      expect(record.of("lost")).toEqual([]);
      now = new Date(now.getTime() + 1);
      expect(await relay.relayDue()).toBe(1);
      await until(() => expect(record.of("lost")).toHaveLength(2));
    });

    test("runs one step at a time for a key, and different keys side by side", async () => {
      await send(Array.from({ length: 12 }, (_, index) => deliveryOf(`key-${index % 3}`, index)));
      await until(() => expect(record.finished).toBe(12));
      expect(record.mostPerKey).toBe(1);
      expect(record.mostAtOnce).toBe(3);
    });

    test("takes a message that a step sends: it starts a workflow of its own", async () => {
      await send([executionOf("parent")]);
      await until(() => expect(record.of("child")).toHaveLength(2));
      await until(() => expect(record.of("parent")).toHaveLength(2));
      expect(record.failures.map(({ messageId }) => messageId)).not.toContain("msg-parent");
    });

    test("sleeps, and goes on", async () => {
      await send([executionOf("sleepy")]);
      await until(() => expect(record.of("sleepy")).toEqual(["one", "awake"]));
    });

    // The last: nothing runs after it.
    test("stops when the step that runs is through", async () => {
      await send([executionOf("gated")]);
      await until(() => expect(record.of("gated")).toEqual(["one", "reached"]));
      stopped = true;
      const stopping = tested.engine.stop();
      record.openGate();
      await stopping;
      expect(record.of("gated")).toEqual(["one", "reached", "through"]);
    });
  });
}
