import { randomBytes } from "node:crypto";
import { connectDatabase } from "@redress/database";
import { composeOutside } from "./compose-outside.ts";
import type { Configuration } from "./configuration.ts";
import type { Clock, Dependencies, Logger, Random } from "./dependencies.ts";
import { prepareSecrets } from "./secrets/prepare-secrets.ts";

export interface DeskOptions {
  readonly configuration: Configuration;
  /** Of a database with this release's schema. */
  readonly connectionString: string;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Connections of a pool: all of them, those that nobody uses, and who waits for one. */
export interface Connections {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** All that core needs of the world outside, connected. */
export interface OpenDesk {
  readonly dependencies: Dependencies;
  /** Who is woken when something was queued; nobody until told. */
  wakeBy(wake: Dependencies["wakeOutbox"]): void;
  /** Of this process to the database, now. */
  connections(): Connections;
  close(): Promise<void>;
}

/** @throws Error when the configuration names no Stripe account: start a sandbox first and give its keys */
export async function openDesk({
  configuration,
  connectionString,
  ...given
}: DeskOptions): Promise<OpenDesk> {
  const logger = given.logger ?? silentLogger;
  const outside = composeOutside(configuration, logger);
  const connection = connectDatabase({ connectionString, maximumConnections: 20 });
  const { database } = connection;
  const secrets = await prepareSecrets({ ...outside, database, logger }).catch(async (error: unknown) => {
    await connection.close();
    throw error;
  });
  let wakeOutbox: Dependencies["wakeOutbox"] = () => {};
  return {
    dependencies: {
      ...outside,
      secrets,
      database,
      clock: given.clock ?? { now: () => new Date() },
      random: given.random ?? { bytes: (count) => randomBytes(count) },
      logger,
      wakeOutbox: (queued) => wakeOutbox(queued),
    },
    wakeBy(wake) {
      wakeOutbox = wake;
    },
    connections: () => {
      const { totalCount: total, idleCount: idle, waitingCount: waiting } = connection.pool;
      return { total, idle, waiting };
    },
    close: () => connection.close(),
  };
}

/** For those who need no log. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
