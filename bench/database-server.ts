import { randomBytes } from "node:crypto";
import { readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import { discardAbandoned, startEmbeddedPostgres } from "@redress/database/embedded";
import pg from "pg";
import { familyCpuSeconds, familyOf } from "./processes.ts";

const folder = ".redress/bench/postgres";
/** Of `statfs`; what lies there is in memory, and forcing it to disk costs nothing. */
const tmpfsType = 0x01021994;

/** The PostgreSQL server of a bench, with the settings of production: everything is forced to disk. */
export interface DatabaseServer {
  readonly version: string;
  /** What was found that makes figures worthless; null when nothing was. */
  readonly warning: string | null;
  /** Makes a database of a bench's own. @returns its connection string */
  createDatabase(name: string): Promise<string>;
  /** So that no round pays for what the one before wrote. */
  checkpoint(): Promise<void>;
  /** Processor time used so far by all of its processes; null where the system does not tell. */
  cpuSeconds(): Promise<number | null>;
  /** SIGKILL to all of its processes. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port, with PostgreSQL's own recovery. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server on an empty folder. */
export async function startDatabaseServer(): Promise<DatabaseServer> {
  await discardAbandoned(folder);
  const servers = [await startEmbeddedPostgres({ dataDirectory: folder, persistent: false })];
  const { port, dataDirectory, connectionString } = current(servers);
  const admin = connectionString("postgres");
  const databases: string[] = [];
  const [settings] = await query<Settings>(
    admin,
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages`,
  );
  const durable = [settings?.fsync, settings?.commit, settings?.pages].every((value) => value === "on");
  if (!durable) throw new Error("This PostgreSQL server does not force commits to disk.");
  const { type } = await statfs(dataDirectory);
  return {
    version: settings?.version ?? "",
    warning: type === tmpfsType ? `${folder} is in memory: commits cost nothing there.` : null,
    async createDatabase(name) {
      const own = `bench_${name}_${randomBytes(4).toString("hex")}`;
      await query(admin, `create database ${own}`);
      databases.push(own);
      return connectionString(own);
    },
    checkpoint: async () => void (await query(admin, "checkpoint")),
    cpuSeconds: async () => familyCpuSeconds(await readPid(dataDirectory)),
    async kill() {
      for (const pid of await familyOf(await readPid(dataDirectory))) process.kill(pid, "SIGKILL");
    },
    async restart() {
      servers.push(await startEmbeddedPostgres({ dataDirectory: folder, persistent: false, port }));
      if (current(servers).port !== port)
        throw new Error(`Port ${port} was taken while the database was down.`);
    },
    async close() {
      for (const server of servers) await server.stop();
    },
  };
}

interface Settings {
  version: string;
  fsync: string;
  commit: string;
  pages: string;
}

function current<Server>(servers: readonly Server[]): Server {
  const server = servers.at(-1);
  if (server === undefined) throw new Error("unreachable: a server was started");
  return server;
}

async function readPid(home: string): Promise<number> {
  return Number((await readFile(join(home, "cluster", "postmaster.pid"), "utf8")).split("\n")[0]);
}

/** One statement, on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(
  connectionString: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString, application_name: "redress-bench" });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
