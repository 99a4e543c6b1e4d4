import { randomBytes } from "node:crypto";
import { composeOutside } from "@redress/core/compose-outside";
import { readConfiguration } from "@redress/core/configuration";
import type { Dependencies, Logger } from "@redress/core/dependencies";
import { comparedApps } from "@redress/core/reconciliation/start-asked-run";
import { connectDatabase, migrateAsOwner } from "@redress/database";
import { startEmbeddedPostgres } from "@redress/database/embedded";
import { checkSandboxKnows, withSandboxKeys } from "./sandbox-environment.ts";

export interface Desk {
  readonly dependencies: Dependencies;
  close(): Promise<void>;
}

/**
 * Core on the server's database and Stripe account, without its engine: what is queued here, the server
 * takes up.
 *
 * @throws ConfigurationError, EmbeddedPostgresError, or an Error with a sentence
 */
export async function openDesk(
  environment: Readonly<Record<string, string | undefined>>,
  logger: Logger,
): Promise<Desk> {
  const configuration = readConfiguration(await withSandboxKeys(environment));
  if (configuration.stripe === null) {
    throw new Error(
      "No Stripe variable is set. Set the ones that the server runs with; for the local sandbox REDRESS_SANDBOX_ORIGIN, which npm start prints, is enough.",
    );
  }
  const postgres =
    configuration.databaseUrl === null
      ? await startEmbeddedPostgres({ onLog: (line) => logger.info({}, line) })
      : null;
  try {
    const connectionString = configuration.databaseUrl ?? postgres?.connectionString() ?? "";
    await migrateAsOwner(connectionString, configuration.databaseOwnerUrl);
    const connection = connectDatabase({
      connectionString,
      maximumConnections: 4,
      applicationName: "redress-cli",
    });
    const dependencies: Dependencies = {
      ...composeOutside(configuration, logger),
      database: connection.database,
      clock: { now: () => new Date() },
      random: { bytes: (count) => randomBytes(count) },
      logger,
      // The server looks by itself every second.
      wakeOutbox: () => {},
    };
    const close = async () => {
      await connection.close();
      await postgres?.stop();
    };
    const { apiOrigin } = configuration.stripe;
    if (configuration.mode === "sandbox" && apiOrigin !== null) {
      await checkOwnSandbox(dependencies, apiOrigin).catch(async (error: unknown) => {
        await connection.close();
        throw error;
      });
    }
    return { dependencies, close };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

async function checkOwnSandbox(dependencies: Dependencies, origin: string): Promise<void> {
  const known = await comparedApps(dependencies);
  await checkSandboxKnows(
    origin,
    known.flatMap(({ stripeAccountId }) => stripeAccountId ?? []),
  );
}
