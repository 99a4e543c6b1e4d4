import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { provideBinaries } from "./binaries.ts";
import { ensureCluster, passwordLost, SUPERUSER } from "./cluster.ts";
import { prepareDataDirectory } from "./data-directory.ts";
import { EmbeddedPostgresError, errorCode } from "./embedded-postgres-error.ts";
import { claimFolder, type FolderClaim, HEARTBEAT_LOST_MS } from "./folder-claim.ts";
import { findPostmaster, startPostmaster, stopPostmaster, untilReady } from "./postmaster.ts";

export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from "./embedded-postgres-error.ts";

const DEFAULT_DATABASE = "redress";

export interface EmbeddedPostgresOptions {
  /** Default: `<project>/.redress/postgres`. */
  dataDirectory?: string;
  /** Wish for a port; another is used when it is taken. Default: any free one. */
  port?: number;
  /** Told, in whole sentences, what was started, adopted, copied or stopped. The server's own log is `server.log`. */
  onLog?: (line: string) => void;
  /** false: `stop()` also removes the data directory. Default: true. */
  persistent?: boolean;
  /** false: nothing is forced to disk, so a crash of the machine may destroy the data: for tests. Default: true. */
  durable?: boolean;
  /** PostgreSQL settings, over our own. Like `port` and `durable` they are for a server that is started: one that runs keeps its own. */
  settings?: Readonly<Record<string, string>>;
  /** A folder with PostgreSQL's `bin`, `lib` and `share`, instead of the npm package's. */
  binariesDirectory?: string;
}

export interface EmbeddedPostgres {
  /** Holds the password: not for logs. @param database default: `redress`, which exists */
  connectionString(database?: string): string;
  port: number;
  dataDirectory: string;
  /** Ends the server, unless another live process uses it too: then the last one ends it. May be called again. */
  stop(): Promise<void>;
}

/**
 * Runs a PostgreSQL server on a folder and leaves exactly one running there: a server that outlived a
 * killed process is adopted, one that another live process of ours uses is shared, and otherwise one is
 * started, after a crash with PostgreSQL's own recovery. It listens on 127.0.0.1 only, with a password.
 * The caller stops it when told to end (SIGINT, SIGTERM).
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  try {
    return await start(options);
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      "start_failed",
      `The embedded PostgreSQL could not be started: ${String(error)}. Mend that, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.onLog ?? (() => undefined);
  const { home, user } = await prepareDataDirectory(options.dataDirectory, log);
  const cluster = join(home, "cluster");
  const binaries = await provideBinaries(user, options.binariesDirectory, log);
  const claim = await claimFolder(home);
  try {
    const server = await claim.exclusively(async () => {
      await refuseOtherMachines(claim, home, log);
      const durable = options.durable ?? true;
      const password = await ensureCluster(home, binaries, user, durable);
      const connect = (port: number, database: string) => connectionString(port, password, database);
      for (let attempt = 1; ; attempt++) {
        const running = (await findPostmaster(cluster)) && (await untilReady(cluster));
        const { port: wanted, settings = {} } = options;
        const { port } =
          running ?? (await startPostmaster({ home, binaries, user, port: wanted, durable, settings }, log));
        try {
          await ensureDatabase(connect(port, "postgres"), home);
        } catch (error) {
          // A server that was killed a moment ago may still look alive: it is gone at the next look.
          if (attempt === 10 || !isConnectionLost(error)) throw error;
          await delay(100);
          continue;
        }
        const how = running ? ((await claim.others()).here > 0 ? "Sharing" : "Adopted") : "Started";
        log(`${how} PostgreSQL ${binaries.version} on 127.0.0.1:${port}, data in ${home}.`);
        return { port, connect };
      }
    });
    let stopped: Promise<void> | undefined;
    return {
      connectionString: (database = DEFAULT_DATABASE) => server.connect(server.port, database),
      port: server.port,
      dataDirectory: home,
      stop: () => {
        stopped ??= leaveFolder(claim, home, options.persistent ?? true, log);
        return stopped;
      },
    };
  } catch (error) {
    // What did not start may be somebody's data: kept, whatever was asked for the end.
    await leaveFolder(claim, home, true, log).catch(() => undefined);
    throw error;
  }
}

/**
 * Ends the server that a killed process left on a folder, and removes the folder.
 * Does nothing where a live process uses it.
 */
export async function discardAbandoned(home: string): Promise<void> {
  await leaveFolder(await claimFolder(home), home, false, () => undefined);
}

async function leaveFolder(
  claim: FolderClaim,
  home: string,
  persistent: boolean,
  log: (line: string) => void,
): Promise<void> {
  const last = await claim.exclusively(async () => {
    await claim.release();
    const others = await claim.others();
    if (others.here + others.elsewhere > 0) return false;
    const running = await findPostmaster(join(home, "cluster"));
    if (running) await stopPostmaster(running);
    return true;
  });
  log(
    last
      ? `Stopped the database in ${home}.`
      : `Left the database in ${home} to the process that still uses it.`,
  );
  if (last && !persistent) await rm(home, { recursive: true, force: true });
}

/**
 * On a folder shared between containers or machines neither pids nor PostgreSQL's own interlocks can tell
 * that the other one's server still runs, and a second one would destroy the data. So here we
 * wait for the other's heartbeat to stop: if it was killed, that is a matter of seconds.
 */
async function refuseOtherMachines(
  claim: FolderClaim,
  home: string,
  log: (line: string) => void,
): Promise<void> {
  const deadline = Date.now() + HEARTBEAT_LOST_MS + 5_000;
  let told = false;
  while ((await claim.others()).elsewhere > 0) {
    if (!told) log(`${home} was in use by another machine or container a moment ago; waiting for it to end.`);
    told = true;
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        "data_directory_in_use_elsewhere",
        `Another machine or container runs a database in ${home}. Stop it, choose another data directory, or set DATABASE_URL.`,
      );
    }
    await delay(250);
  }
}

function connectionString(port: number, password: string, database: string): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** The server went away under the connection, or refuses it because it is going away. */
function isConnectionLost(error: unknown): boolean {
  return ["ECONNRESET", "ECONNREFUSED", "EPIPE", "57P01", "57P02", "57P03"].includes(errorCode(error) ?? "");
}

async function ensureDatabase(admin: string, home: string): Promise<void> {
  const client = new pg.Client({ connectionString: admin, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const found = await client.query("select 1 from pg_database where datname = $1", [DEFAULT_DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DEFAULT_DATABASE}`);
  } catch (error) {
    // invalid_password
    throw errorCode(error) === "28P01" ? passwordLost(home, error) : error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
