import { randomBytes } from "node:crypto";
import { connectDatabase, migrateDatabase } from "@redress/database";
import { composeOutside } from "./compose-outside.ts";
import type { Configuration } from "./configuration.ts";
import type { Clock, Dependencies, Logger, Random } from "./dependencies.ts";
import { chooseEngine, refuseEngineCalls } from "./durable/choose-engine.ts";
import type { Engine } from "./durable/port.ts";
import { readMessage } from "./outbox/read-message.ts";
import { recordFailure } from "./outbox/record-failure.ts";
import { createOutboxRelay } from "./outbox/relay.ts";
import { inboxOf } from "./webhooks/inbox.ts";
import { type IngestAnswer, type IngestInput, ingestWebhook } from "./webhooks/ingest.ts";
import { allWorkflows } from "./workflows/index.ts";
import { createSweeper } from "./workflows/sweep.ts";

export interface RuntimeOptions {
  readonly configuration: Configuration;
  readonly connectionString: string;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
  /** How often the sweepers put right what was lost; 5,000 unless told. */
  readonly sweepIntervalMs?: number;
}

export interface Runtime {
  readonly dependencies: Dependencies;
  readonly engine: Engine;
  /** The webhook endpoint as a plain function: mount it in front of the web framework, or as a route. */
  readonly ingest: (input: IngestInput) => Promise<IngestAnswer>;
  /** What the workflow engine calls at `/api/inngest`; mount it as the webhook endpoint is. 404 where none does. */
  readonly serveEngine: (request: Request) => Promise<Response>;
  /** Lets what is under way finish, then closes everything. */
  stop(): Promise<void>;
}

/**
 * The composition root: brings the database to the newest schema, connects all that core needs, and starts
 * the engine, the outbox relay and the sweepers. One runtime a process.
 *
 * @throws Error when the configuration names no Stripe account: start a sandbox first and give its keys
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { configuration, connectionString } = options;
  const logger = options.logger ?? silentLogger;
  await migrateDatabase(connectionString);
  const connection = connectDatabase({ connectionString, maximumConnections: 20 });
  let wakeOutbox: Dependencies["wakeOutbox"] = () => {};
  const dependencies: Dependencies = {
    ...composeOutside(configuration, logger),
    database: connection.database,
    clock: options.clock ?? { now: () => new Date() },
    random: options.random ?? { bytes: (count) => randomBytes(count) },
    logger,
    wakeOutbox: (queued) => wakeOutbox(queued),
  };
  const engine = await chooseEngine(configuration, {
    connectionString,
    logger,
    workflows: allWorkflows(dependencies),
    readMessage: (messageId) => readMessage(dependencies, messageId),
    onFailure: (failure) => recordFailure(dependencies, failure),
  });
  const relay = createOutboxRelay(dependencies, engine, {
    isCrowded: inboxOf(dependencies).isCrowded,
  });
  const sweeper = createSweeper(dependencies, { intervalMs: options.sweepIntervalMs ?? 5_000 });
  wakeOutbox = relay.wake;
  if (dependencies.mail.way === "none") {
    logger.warn(
      { part: "mail" },
      "Mail is not configured: invitations and forgotten passwords need it. Set SMTP_URL and MAIL_FROM.",
    );
  }
  try {
    await engine.start();
  } catch (error) {
    await connection.close();
    throw error;
  }
  relay.start();
  sweeper.start();
  return {
    dependencies,
    engine,
    ingest: (input) => ingestWebhook(dependencies, input),
    serveEngine: engine.serve ?? refuseEngineCalls,
    async stop() {
      await sweeper.stop();
      await relay.stop();
      await engine.stop();
      await connection.close();
    },
  };
}

const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
