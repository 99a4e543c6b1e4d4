import { migrateAsOwner, readSchemaState, type SchemaState } from "@redress/database";
import type { Dependencies } from "./dependencies.ts";
import { examineConfigured } from "./doctor/examine-server.ts";
import type { Finding } from "./doctor/finding.ts";
import { type ProcessReading, readProcess } from "./metrics/process-reading.ts";
import { type DeskOptions, openDesk } from "./open-desk.ts";
import { requireCurrent } from "./restore/require-current.ts";
import { inboxOf } from "./webhooks/inbox.ts";
import { type IngestAnswer, type IngestInput, ingestWebhook } from "./webhooks/ingest.ts";
import { type StartWork, startWork, type Work } from "./work/start-work.ts";

export interface RuntimeOptions extends DeskOptions {
  /** How often the sweepers put right what was lost; 5,000 unless told. */
  readonly sweepIntervalMs?: number;
  /** Starts what works in the background; in this process, unless told. */
  readonly startWork?: StartWork;
}

export interface Runtime extends Pick<Work, "serveEngine"> {
  readonly dependencies: Dependencies;
  /** The webhook endpoint as a plain function: mount it in front of the web framework, or as a route. */
  readonly ingest: (input: IngestInput) => Promise<IngestAnswer>;
  /** Looks at this server's own set-up: what is wrong, and how to mend it. */
  readonly examine: () => Promise<Finding[]>;
  /** What the processes of this desk count of themselves: this one, and its worker where there is one. */
  readonly measured: () => readonly ProcessReading[];
  /** How far the database's schema is, as it is now. @throws Error when it does not answer within seconds */
  readonly readSchema: () => Promise<SchemaState>;
  /** Lets what is under way finish, then closes everything. */
  stop(): Promise<void>;
}

/**
 * The composition root: brings the database to the newest schema, connects all that core needs, and starts
 * the engine, the outbox relay and the sweepers. One runtime a process.
 *
 * @throws Error when the configuration names no Stripe account: start a sandbox first and give its keys; or when the
 *   database was restored from a backup, and nobody compared it with Stripe since
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { configuration, connectionString } = options;
  await migrateAsOwner(connectionString, configuration.databaseOwnerUrl);
  const desk = await openDesk(options);
  const { dependencies } = desk;
  if (dependencies.mail.way === "none") {
    dependencies.logger.warn(
      { part: "mail" },
      "Mail is not configured: invitations and forgotten passwords need it. Set SMTP_URL and MAIL_FROM.",
    );
  }
  try {
    await requireCurrent(dependencies);
    const work = await (options.startWork ?? startWork)({
      dependencies,
      configuration,
      connectionString,
      isCrowded: inboxOf(dependencies).isCrowded,
      ...(options.sweepIntervalMs === undefined ? {} : { sweepIntervalMs: options.sweepIntervalMs }),
    });
    desk.wakeBy(work.wake);
    return {
      dependencies,
      ingest: (input) => ingestWebhook(dependencies, input),
      serveEngine: work.serveEngine,
      measured: () => [
        readProcess("web", { meter: dependencies.meter, connections: desk.connections }),
        ...(work.measured?.() ?? []),
      ],
      readSchema: () => readSchemaState(connectionString),
      examine: () => examineConfigured(configuration, connectionString, () => dependencies.clock.now()),
      async stop() {
        await work.stop();
        await desk.close();
      },
    };
  } catch (error) {
    await desk.close();
    throw error;
  }
}
