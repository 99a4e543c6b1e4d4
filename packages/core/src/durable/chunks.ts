import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { AnyWorkflow, EngineMessage, Step, Workflow } from "./port.ts";
import type { Slots } from "./slots.ts";
import { takersOf } from "./takers.ts";

/** Messages that one workflow runs as one: many where it may be repeated, otherwise a single one. */
export interface Chunk {
  readonly workflow: Workflow;
  readonly messages: readonly EngineMessage[];
}

/** @returns what to run, and the messages that no workflow takes */
export function inChunks(
  workflows: readonly AnyWorkflow[],
  messages: readonly EngineMessage[],
): { chunks: Chunk[]; untaken: EngineMessage[] } {
  const together = new Map<Workflow, EngineMessage[]>();
  const alone: Chunk[] = [];
  const untaken: EngineMessage[] = [];
  for (const message of messages) {
    const takers = takersOf(workflows, message);
    if (takers.length === 0) untaken.push(message);
    for (const workflow of takers) {
      const chunk = together.get(workflow);
      if (!workflow.repeatable) alone.push({ workflow, messages: [message] });
      else if (chunk === undefined) together.set(workflow, [message]);
      else chunk.push(message);
    }
  }
  const chunks = [...together].map(([workflow, chunk]) => ({ workflow, messages: chunk }));
  return { chunks: [...chunks, ...alone], untaken };
}

/** The same for the same sendings of the same messages: what an engine was given twice is one run. */
export function chunkId({ id }: Workflow, messages: readonly EngineMessage[]): string {
  const hash = createHash("sha256");
  for (const message of messages) hash.update(`${message.id}:${message.sendCount};`);
  return `${id}:${messages.length}:${hash.digest("base64url")}`;
}

/** Steps that nobody writes down: after a crash all of them are run again. */
export function repeat({ attempts }: Workflow, slots: Slots, retryIntervalMs: number): Step {
  const sleep = async (_name: string, milliseconds: number) => {
    // Who sleeps takes no room.
    slots.leave();
    try {
      await delay(milliseconds);
    } finally {
      slots.enter();
    }
  };
  return {
    sleep,
    async run(name, work) {
      for (let failed = 0; ; failed += 1) {
        try {
          return await work();
        } catch (error) {
          if (failed + 1 >= attempts) throw error;
        }
        await sleep(name, retryIntervalMs * 2 ** failed);
      }
    },
  };
}
