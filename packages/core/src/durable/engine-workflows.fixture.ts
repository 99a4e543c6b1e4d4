import { setImmediate as turn } from "node:timers/promises";
import type { AnyWorkflow, EngineMessage, Workflow, WorkflowFailure } from "./port.ts";

export function executionOf(name: string): EngineMessage & { name: "refund/execution.due" } {
  return { id: `msg-${name}`, name: "refund/execution.due", data: { refundId: name }, sendCount: 1 };
}

export function deliveryOf(key: string, index: number): EngineMessage {
  const data = { notificationId: key };
  return { id: `msg-${key}-${index}`, name: "notification/delivery.due", data, sendCount: 1 };
}

export function eventOf(type: string): EngineMessage {
  const data = { id: `evt_${type}`, type, data: {}, accountId: null, created: 0, livemode: false };
  return { id: `msg-${type}`, name: "stripe/event.received", data, sendCount: 1 };
}

function createGate(): { readonly passed: Promise<void>; open(): void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/**
 * Workflows that write down what their steps do.
 *
 * @param options.repeatable whether they say that all of it may be run again
 */
export function recordWorkflows({ repeatable }: { repeatable: boolean }) {
  const notes = new Map<string, string[]>();
  const failures: WorkflowFailure[] = [];
  const gate = createGate();
  const of = (name: string) => notes.get(name) ?? [];
  const note = (name: string, text: string) => void notes.set(name, [...of(name), text]);
  const seen = { finished: 0, mostPerKey: 0, mostAtOnce: 0, sendFromStep: async () => {} };

  async function second(name: string, messageId: string, count: number): Promise<void> {
    const failed = of(name).filter((text) => text === "fail").length;
    if (name === "broken" || (name === "flaky" && failed < 2)) {
      note(name, "fail");
      throw new Error(`${name} fails`);
    }
    if (name === "parent") await seen.sendFromStep();
    if (name === "gated") {
      note(name, "reached");
      await gate.passed;
      for (let index = 0; index < 20; index += 1) await turn();
      return note(name, "through");
    }
    if (name === "sleepy") return note(name, "awake");
    note(name, name === "flaky" ? "two" : `two of ${messageId}: ${count}`);
  }
  const executions: Workflow<"refund/execution.due"> = {
    id: "executions",
    on: "refund/execution.due",
    attempts: 3,
    async run({ messageId, data: { refundId: name }, step }) {
      const { count } = await step.run("one", async () => {
        note(name, "one");
        return { count: 1 };
      });
      if (name === "sleepy") await step.sleep("nap", 20);
      await step.run("two", () => second(name, messageId, count));
    },
  };
  const events = ["left", "right"].map(
    (type): Workflow<"stripe/event.received"> => ({
      id: `events-${type}`,
      on: "stripe/event.received",
      when: (data) => data.type === type,
      attempts: 1,
      run: ({ step }) => step.run("note", async () => note(type, type)),
    }),
  );
  const recorded: AnyWorkflow[] = [executions, keyedWorkflow(seen), ...events];
  const workflows = repeatable ? recorded.map((one) => ({ ...one, repeatable: true as const })) : recorded;
  return Object.assign(seen, { of, failures, workflows, openGate: gate.open });
}

/** The first steps of three keys wait until all three run: an engine that runs one after the other never ends. */
function keyedWorkflow(seen: {
  finished: number;
  mostPerKey: number;
  mostAtOnce: number;
}): Workflow<"notification/delivery.due"> {
  const running = new Map<string, number>();
  const sideBySide = createGate();
  return {
    id: "keyed",
    on: "notification/delivery.due",
    concurrencyKey: ({ notificationId }) => notificationId,
    attempts: 1,
    run: ({ data: { notificationId: key }, step }) =>
      step.run("work", async () => {
        running.set(key, (running.get(key) ?? 0) + 1);
        const counts = [...running.values()];
        seen.mostPerKey = Math.max(seen.mostPerKey, ...counts);
        seen.mostAtOnce = Math.max(
          seen.mostAtOnce,
          counts.reduce((sum, count) => sum + count, 0),
        );
        if (seen.mostAtOnce >= 3) sideBySide.open();
        await sideBySide.passed;
        // Long enough for those of the same key to be here too, if nothing kept them.
        for (let index = 0; index < 500; index += 1) await turn();
        running.set(key, (running.get(key) ?? 0) - 1);
        seen.finished += 1;
      }),
  };
}
