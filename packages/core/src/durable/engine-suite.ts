import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { AnyWorkflow, Engine, EngineMessage, Workflow, WorkflowFailure } from "./port.ts";

/** What every engine behind the port has to do; run it for each. */
export function describeEngine(
  name: string,
  createEngine: (given: {
    workflows: AnyWorkflow[];
    onFailure: (failure: WorkflowFailure) => Promise<void>;
  }) => Promise<Engine>,
): void {
  describe(`the ${name} engine`, () => {
    const record = createRecord();
    let engine: Engine;
    beforeAll(async () => {
      const onFailure = async (failure: WorkflowFailure) => void record.failures.push(failure);
      engine = await createEngine({ workflows: record.workflows, onFailure });
      await engine.start();
    });
    afterAll(() => engine.stop());

    test("runs the steps in order, with the message's data and id", async () => {
      await engine.send([executionOf("plain")]);
      await vi.waitFor(() => expect(record.of("plain")).toEqual(["one", "two of msg-plain: 1"]));
    });

    test("starts only the workflows that a message is for", async () => {
      await engine.send([eventOf("nobody"), eventOf("left"), eventOf("right")]);
      await vi.waitFor(() =>
        expect([...record.of("left"), ...record.of("right")]).toEqual(["left", "right"]),
      );
    });

    test("tries a failing step again and does not repeat the steps before it", async () => {
      await engine.send([executionOf("flaky")]);
      await vi.waitFor(() => expect(record.of("flaky")).toEqual(["one", "fail", "fail", "two"]));
      expect(record.failures.filter(({ messageId }) => messageId === "msg-flaky")).toEqual([]);
    });

    test("gives up after the last try, says so, and works on", async () => {
      await engine.send([executionOf("broken"), executionOf("after-broken")]);
      await vi.waitFor(() => expect(record.of("after-broken")).toHaveLength(2));
      await vi.waitFor(() =>
        expect(record.failures).toMatchObject([{ workflowId: "executions", messageId: "msg-broken" }]),
      );
      expect(record.of("broken")).toEqual(["one", "fail", "fail", "fail"]);
    });

    test("runs a message again when it is sent again: the one before may be lost", async () => {
      await engine.send([executionOf("again")]);
      await vi.waitFor(() => expect(record.of("again")).toHaveLength(2));
      await engine.send([{ ...executionOf("again"), sendCount: 2 }]);
      await vi.waitFor(() => expect(record.of("again")).toHaveLength(4));
    });

    test("runs one at a time for a key, and different keys side by side", async () => {
      const messages = Array.from({ length: 12 }, (_, index) => deliveryOf(`key-${index % 3}`, index));
      await engine.send(messages);
      await vi.waitFor(() => expect(record.finished).toBe(12), { timeout: 10_000 });
      expect(record.mostPerKey).toBe(1);
      expect(record.mostAtOnce).toBeGreaterThan(1);
    });

    test("takes a message that a step sends: it starts a workflow of its own", async () => {
      record.sendFromStep = () => engine.send([executionOf("child")]);
      await engine.send([executionOf("parent")]);
      await vi.waitFor(() => expect(record.of("child")).toHaveLength(2));
      expect(record.of("parent")).toHaveLength(2);
      expect(record.failures.map(({ messageId }) => messageId)).not.toContain("msg-parent");
    });

    test("sleeps, and goes on", async () => {
      await engine.send([executionOf("sleepy")]);
      await vi.waitFor(() => expect(record.of("sleepy")).toEqual(["one", "awake"]), { timeout: 5_000 });
    });
  });
}

function executionOf(name: string): EngineMessage {
  return { id: `msg-${name}`, name: "refund/execution.due", data: { refundId: name }, sendCount: 1 };
}

function deliveryOf(key: string, index: number): EngineMessage {
  const data = { notificationId: key };
  return { id: `msg-${key}-${index}`, name: "notification/delivery.due", data, sendCount: 1 };
}

function eventOf(type: string): EngineMessage {
  const data = { id: `evt_${type}`, type, data: {}, accountId: null, created: 0, livemode: false };
  return { id: `msg-${type}`, name: "stripe/event.received", data, sendCount: 1 };
}

/** Workflows that write down what they do. */
function createRecord() {
  const notes = new Map<string, string[]>();
  const failures: WorkflowFailure[] = [];
  const running = new Map<string, number>();
  const seen = { finished: 0, mostPerKey: 0, mostAtOnce: 0, sendFromStep: async () => {} };
  const of = (name: string) => notes.get(name) ?? [];
  const note = (name: string, text: string) => notes.set(name, [...of(name), text]);

  const executions: Workflow<"refund/execution.due"> = {
    id: "executions",
    on: "refund/execution.due",
    attempts: 3,
    async run({ messageId, data: { refundId: name }, step }) {
      const count = await step.run("one", async () => {
        note(name, "one");
        return { count: 1 };
      });
      if (name === "sleepy") await step.sleep("nap", 20);
      await step.run("two", async () => {
        const failed = of(name).filter((text) => text === "fail").length;
        if (name === "broken" || (name === "flaky" && failed < 2)) {
          note(name, "fail");
          throw new Error(`${name} fails`);
        }
        if (name === "parent") await seen.sendFromStep();
        if (name === "sleepy") note(name, "awake");
        else note(name, name === "flaky" ? "two" : `two of ${messageId}: ${count.count}`);
      });
    },
  };
  const keyed: Workflow<"notification/delivery.due"> = {
    id: "keyed",
    on: "notification/delivery.due",
    concurrencyKey: ({ notificationId }) => notificationId,
    attempts: 1,
    async run({ data: { notificationId: key }, step }) {
      running.set(key, (running.get(key) ?? 0) + 1);
      seen.mostPerKey = Math.max(seen.mostPerKey, running.get(key) ?? 0);
      const atOnce = [...running.values()].reduce((sum, count) => sum + count, 0);
      seen.mostAtOnce = Math.max(seen.mostAtOnce, atOnce);
      await step.run("work", async () => {});
      running.set(key, (running.get(key) ?? 0) - 1);
      seen.finished += 1;
    },
  };
  const events = ["left", "right"].map(
    (type): Workflow<"stripe/event.received"> => ({
      id: `events-${type}`,
      on: "stripe/event.received",
      when: (data) => data.type === type,
      attempts: 1,
      run: ({ step }) => step.run("note", async () => void note(type, type)),
    }),
  );
  return Object.assign(seen, {
    of,
    failures,
    workflows: [executions, keyed, ...events] satisfies AnyWorkflow[],
  });
}
