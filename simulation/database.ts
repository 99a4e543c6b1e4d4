import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, migrateDatabase, schema } from "@redress/database";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@redress/database/embedded";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import type { Life, Scheduler } from "./scheduler.ts";

/** What becomes of one statement. */
export type DatabaseFault = "none" | "cut_before" | "cut_after";

interface Connection {
  readonly client: pg.Client;
  readonly pid: number;
}

/** A database that many runs use, one after the other, and its real connections, which outlive them. */
export interface SimulationDatabase {
  /** Like `plain`, without a place in the schedule: for the judge. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  readonly plain: Database;
  /** Empties every table: a run starts as after installation. */
  clear(): Promise<void>;
  /** A pool of one process; what it does takes place at the scheduler's word. */
  openPool(options: {
    scheduler: Scheduler;
    life: Life;
    /** Asked for each statement. */
    fault: (label: string) => DatabaseFault;
  }): SimulatedPool;
  close(): Promise<void>;
}

export interface SimulatedPool {
  readonly database: Database;
  /** The process died: the server rolls back what it had begun. */
  end(): Promise<void>;
}

/** A server for simulated runs. */
export type SimulationServer = Pick<EmbeddedPostgres, "connectionString" | "stop">;

/**
 * Starts a server in a folder of its own that forgets everything at its end. It is spoken to through a
 * socket in the file system, which costs a third less than TCP for each of the thousands of statements of a
 * run; where Node cannot open one, on Windows, through TCP.
 */
export async function startServer(): Promise<SimulationServer> {
  const sockets = process.platform === "win32" ? null : await mkdtemp(join(tmpdir(), "redress-socket-"));
  // Started by root, the server runs as somebody else.
  if (sockets !== null) await chmod(sockets, 0o777);
  const server = await startEmbeddedPostgres({
    dataDirectory: join(tmpdir(), `redress-simulation-${randomBytes(6).toString("hex")}`),
    durable: false,
    persistent: false,
    settings: {
      // Two that wait for each other are found at once, and by who came last: the same in every run.
      deadlock_timeout: "1ms",
      autovacuum: "off",
      jit: "off",
      ...(sockets === null ? {} : { unix_socket_directories: sockets }),
    },
  });
  return {
    connectionString: (name) =>
      server.connectionString(name) + (sockets === null ? "" : `?host=${encodeURIComponent(sockets)}`),
    async stop() {
      await server.stop();
      if (sockets !== null) await rm(sockets, { recursive: true, force: true });
    },
  };
}

/**
 * Each emptying gives every table and index a new file, and leaves its old row in PostgreSQL's own list of them. Nobody
 * tidies that by itself here (autovacuum is off): after a few hundred runs every statement would be slower by a third.
 */
const clearsBetweenVacuums = 100;

export async function openDatabase(server: SimulationServer, name: string): Promise<SimulationDatabase> {
  const admin = new pg.Client({ connectionString: server.connectionString("postgres") });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const connectionString = server.connectionString(name);
  await migrateDatabase(connectionString);
  const bank = new Bank(connectionString);
  const monitor = new pg.Client({ connectionString });
  monitor.on("error", () => {});
  await monitor.connect();
  const { rows } = await monitor.query<{ name: string }>(
    "select format('%I', relname) as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
  );
  const tables = rows.map((row) => row.name);
  // The audit log refuses to be emptied, by triggers that this one session does not fire.
  const empty = [
    "set session_replication_role = replica",
    // Fresh files: where rows lie, and so the order of an unordered list, must not depend on earlier runs.
    `truncate ${tables.join(", ")} restart identity`,
    "set session_replication_role = origin",
  ].join(";");
  let cleared = 0;
  return {
    plain: drizzle(monitor, { schema }),
    query: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await monitor.query<Row>(text, values)).rows,
    async clear() {
      await monitor.query(empty);
      cleared += 1;
      if (cleared % clearsBetweenVacuums === 0) await monitor.query("vacuum (truncate false) pg_class");
    },
    openPool: (options) => {
      const pool = new SimulatedConnectionPool(bank, monitor, options);
      return {
        // Drizzle knows a pool by the name of its class, and asks no more of it than `connect` and `query`.
        database: drizzle(pool as unknown as pg.Pool, { schema }),
        end: () => pool.end(),
      };
    },
    async close() {
      await bank.close();
      await monitor.end();
    },
  };
}

class Bank {
  readonly #connectionString: string;
  #idle: Connection[] = [];

  constructor(connectionString: string) {
    this.#connectionString = connectionString;
  }

  async take(): Promise<Connection> {
    const kept = this.#idle.pop();
    if (kept !== undefined) return kept;
    const client = new pg.Client({
      connectionString: this.#connectionString,
      application_name: "redress-simulation",
    });
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    return { client, pid: rows[0]?.pid ?? 0 };
  }

  give(connection: Connection): void {
    this.#idle.push(connection);
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.map(({ client }) => client.end()));
    this.#idle = [];
  }
}

type PoolOptions = Parameters<SimulationDatabase["openPool"]>[0];

class SimulatedConnectionPool {
  readonly #bank: Bank;
  readonly #monitor: pg.Client;
  readonly #options: PoolOptions;
  readonly #clients = new Set<SimulatedClient>();
  /** Of this process: whether it has to connect must not depend on what runs before it left open. */
  readonly #idle: Connection[] = [];

  constructor(bank: Bank, monitor: pg.Client, options: PoolOptions) {
    this.#bank = bank;
    this.#monitor = monitor;
    this.#options = options;
  }

  async connect(): Promise<SimulatedClient> {
    const { scheduler, life } = this.#options;
    const connection =
      this.#idle.pop() ??
      (await scheduler.external({ life, label: "connects", run: () => this.#bank.take() }));
    const client = new SimulatedClient(connection, {
      ...this.#options,
      monitor: this.#monitor,
      onRelease: () => {
        this.#clients.delete(client);
        this.#idle.push(connection);
      },
    });
    this.#clients.add(client);
    return client;
  }

  async query(statement: unknown, values?: unknown[]): Promise<unknown> {
    const client = await this.connect();
    try {
      return await client.query(statement, values);
    } finally {
      await client.release();
    }
  }

  async end(): Promise<void> {
    for (const client of this.#clients) {
      if (await client.abort()) this.#bank.give(client.connection);
    }
    this.#clients.clear();
    for (const connection of this.#idle.splice(0)) this.#bank.give(connection);
  }
}

/** The words by which `pg` tells a lost connection. */
const lost = "Connection terminated unexpectedly";

class SimulatedClient {
  readonly connection: Connection;
  readonly #options: PoolOptions & { monitor: pg.Client; onRelease: () => void };
  #cut = false;
  /** The server ended it while a statement waited for a lock. */
  #terminated = false;

  constructor(connection: Connection, options: PoolOptions & { monitor: pg.Client; onRelease: () => void }) {
    this.connection = connection;
    this.#options = options;
  }

  query(statement: unknown, values?: unknown[]): Promise<unknown> {
    const { scheduler, life, fault } = this.#options;
    const label = labelOf(statement);
    return scheduler.external({
      life,
      label,
      run: async () => {
        if (this.#cut) throw new Error(lost);
        const struck = fault(label);
        if (struck === "cut_before") return this.#cutOff();
        const answer = await this.#send(statement, values);
        return struck === "cut_after" ? this.#cutOff() : answer;
      },
      isBlocked: () => this.#isBlocked(),
      abandon: () => this.#terminate(),
    });
  }

  /** Gives the connection back; one that was cut has been rolled back already. */
  async release(): Promise<void> {
    this.#options.onRelease();
  }

  /** @returns whether the connection can be used again */
  async abort(): Promise<boolean> {
    if (this.#terminated) return false;
    await this.connection.client.query("rollback");
    return true;
  }

  #send(statement: unknown, values: unknown[] | undefined): Promise<unknown> {
    // Drizzle gives `{ text, types, rowMode }`, which `pg` takes as it is.
    return this.connection.client.query(prepared(statement) as pg.QueryConfig, values);
  }

  /** What the server does when a connection is lost: it rolls back. */
  async #cutOff(): Promise<never> {
    this.#cut = true;
    await this.connection.client.query("rollback");
    throw new Error(lost);
  }

  async #isBlocked(): Promise<boolean> {
    const { rows } = await this.#options.monitor.query<{ blocked: boolean }>(
      "select cardinality(pg_blocking_pids($1)) > 0 as blocked",
      [this.connection.pid],
    );
    return rows[0]?.blocked === true;
  }

  async #terminate(): Promise<void> {
    this.#terminated = true;
    await this.#options.monitor.query("select pg_terminate_backend($1, 5000)", [this.connection.pid]);
    await this.connection.client.end().catch(() => {});
  }
}

const names = new Map<string, string>();

/** The same statement comes thousands of times: under a name, the server parses it once for each connection. */
function prepared(statement: unknown): unknown {
  if (typeof statement !== "object" || statement === null || !("text" in statement)) return statement;
  const text = String(statement.text);
  const name = names.get(text) ?? `s${names.size}`;
  names.set(text, name);
  return { ...statement, name };
}

export function labelOf(statement: unknown): string {
  const text =
    typeof statement === "string"
      ? statement
      : typeof statement === "object" && statement !== null && "text" in statement
        ? String(statement.text)
        : "?";
  const verb = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase() ?? "?";
  const table = /\b(?:from|into|update)\s+"(\w+)"/.exec(text)?.[1];
  const lock = /for (?:no key )?update/.test(text) ? " for update" : "";
  return table === undefined ? verb : `${verb} ${table}${lock}`;
}
