import type { AnyWorkflow, Engine, EngineMessage, Step, WorkflowFailure } from "./port.ts";
import { takersOf } from "./takers.ts";

/**
 * Runs workflows where they are sent, and remembers nothing: for tests and for the simulation, which own
 * time and order. What fails, or is lost, comes back with the outbox, as with every engine.
 *
 * @param options.loses messages that this engine takes, and forgets
 */
export function createInlineEngine(options: {
  workflows: readonly AnyWorkflow[];
  onFailure?: (failure: WorkflowFailure) => Promise<void>;
  loses?: (message: EngineMessage) => boolean;
}): Engine {
  const step: Step = { run: (_name, work) => work(), sleep: async () => {} };
  return {
    name: "inline",
    start: async () => {},
    stop: async () => {},
    async send(messages) {
      for (const message of messages) {
        if (options.loses?.(message)) continue;
        for (const workflow of takersOf(options.workflows, message)) {
          try {
            await workflow.run({ messageId: message.id, data: message.data, step });
          } catch (error) {
            await options.onFailure?.({ workflowId: workflow.id, messageId: message.id, error });
          }
        }
      }
    },
  };
}
