import type { Inngest, InngestFunction } from "inngest";
import type { Logger } from "../dependencies.ts";
import type { Meter } from "../metrics/meter.ts";
import { messageIdOf } from "./inngest-event.ts";
import { observeStep } from "./observe-step.ts";
import type { EngineMessage, Step, Workflow, WorkflowFailure } from "./port.ts";

export interface InngestFunctionOptions {
  readonly logger: Logger;
  readonly meter?: Meter | undefined;
  /** The message of an id as the database has it; null when there is nothing to do any more. */
  readonly readMessage: (messageId: string) => Promise<EngineMessage | null>;
  /** Told when a workflow has failed; its message is sent again after the grace period. */
  readonly onFailure?: (failure: WorkflowFailure) => Promise<void>;
}

/** Inngest's bounds. */
const retries = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20] as const;

/**
 * A workflow as Inngest knows it: one function, whose id never changes, since runs under way are called by it.
 *
 * Inngest calls the function anew after each step with the answers of those before, so code outside of steps
 * runs several times. What it counts per key are steps that run, not runs: two runs of one key may take
 * turns between steps, but no two of their steps run at once.
 */
export function inngestFunctionOf(
  client: Inngest,
  workflow: Workflow,
  options: InngestFunctionOptions,
): InngestFunction.Any {
  return client.createFunction(
    {
      id: workflow.id,
      triggers: [{ event: workflow.on, if: `event.data.redress.workflow == '${workflow.id}'` }],
      retries: retries[workflow.attempts - 1] ?? 20,
      // A key is shared by all workflows that name it, as a charge's is.
      ...(workflow.concurrencyKey && {
        concurrency: [{ scope: "env", key: "event.data.redress.key", limit: 1 }],
      }),
      // The plain protocol, which every server speaks: a call for each step, whose answer says what it did.
      checkpointing: false,
      onFailure: ({ event, error }: { event: { data: { event: unknown } }; error: Error }) =>
        fail(workflow, options, { event: event.data.event, error }),
    },
    async ({ event, step }) => {
      const messageId = messageIdOf(event);
      const message = messageId === null ? null : await options.readMessage(messageId);
      if (message === null || message.name !== workflow.on) return;
      if (workflow.when?.(message.data) === false) return;
      const observed = observeStep(portStep(step), { workflow, message, meter: options.meter });
      await workflow.run({ messageId: message.id, data: message.data, step: observed });
    },
  );
}

/** The two tools that the port has, of the many that Inngest hands to a function. */
interface InngestStep {
  run(name: string, work: () => Promise<unknown>): Promise<unknown>;
  sleep(name: string, milliseconds: number): Promise<void>;
}

function portStep(step: InngestStep): Step {
  return {
    run: async <Result>(name: string, work: () => Promise<Result>) => {
      // The port asks of every step that its answer survives JSON.
      return (await step.run(name, work)) as Result;
    },
    // Inngest's shortest sleep is a second.
    sleep: (name, milliseconds) => step.sleep(name, milliseconds),
  };
}

async function fail(
  { id: workflowId }: Workflow,
  { logger, onFailure }: InngestFunctionOptions,
  { event, error }: { event: unknown; error: unknown },
): Promise<void> {
  const messageId = messageIdOf(event);
  if (messageId === null) return;
  logger.error(
    { err: error, workflowId, messageId },
    "A workflow failed; its message is sent again after a while.",
  );
  await onFailure?.({ workflowId, messageId, error });
}
