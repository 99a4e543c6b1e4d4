import type { Configuration } from "../configuration.ts";
import type { Dependencies } from "../dependencies.ts";
import { chooseEngine, refuseEngineCalls } from "../durable/choose-engine.ts";
import type { ProcessReading } from "../metrics/process-reading.ts";
import { readMessage } from "../outbox/read-message.ts";
import { recordFailure } from "../outbox/record-failure.ts";
import { createOutboxRelay } from "../outbox/relay.ts";
import { allWorkflows } from "../workflows/index.ts";
import { createSweeper } from "../workflows/sweep.ts";

export interface WorkOptions {
  readonly dependencies: Dependencies;
  readonly configuration: Configuration;
  readonly connectionString: string;
  /** Whether Stripe's events crowd in, so that handling them should leave the machine to taking them in. */
  readonly isCrowded: () => boolean;
  /** How often the sweepers put right what was lost; 5,000 unless told. */
  readonly sweepIntervalMs?: number;
}

/** The engine, the outbox relay and the sweepers, wherever they run. */
export interface Work {
  /** Something was queued: look now. */
  wake(queued?: "event"): void;
  /** What the workflow engine calls at `/api/inngest`. 404 where none does. */
  readonly serveEngine: (request: Request) => Promise<Response>;
  /** What its own process counts of itself, seconds ago at most; nothing where it has none. */
  readonly measured?: () => readonly ProcessReading[];
  /** Lets what is under way finish. */
  stop(): Promise<void>;
}

export type StartWork = (options: WorkOptions) => Promise<Work>;

/** Starts all that works in the background, in this process. */
export const startWork: StartWork = async (options) => {
  const { dependencies, configuration, connectionString, isCrowded } = options;
  const engine = await chooseEngine(configuration, {
    connectionString,
    logger: dependencies.logger,
    meter: dependencies.meter,
    workflows: allWorkflows(dependencies),
    readMessage: (messageId) => readMessage(dependencies, messageId),
    onFailure: (failure) => recordFailure(dependencies, failure),
  });
  const relay = createOutboxRelay(dependencies, engine, { isCrowded });
  const sweeper = createSweeper(dependencies, { intervalMs: options.sweepIntervalMs ?? 5_000 });
  await engine.start();
  relay.start();
  sweeper.start();
  return {
    wake: relay.wake,
    serveEngine: engine.serve ?? refuseEngineCalls,
    async stop() {
      await sweeper.stop();
      await relay.stop();
      await engine.stop();
    },
  };
};
