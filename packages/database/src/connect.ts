import { DrizzleQueryError } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import { nameStatements } from "./name-statements.ts";
import * as schema from "./schema.ts";

export type Schema = typeof schema;
export type Database = NodePgDatabase<Schema> & {
  /** For the one statement that has to be as fast as it gets. */
  readonly $client: Pick<pg.Pool, "query">;
};
/** What runs inside `database.transaction(…)`. */
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
/** Reads that work in and out of a transaction. */
export type Queryable = Database | Transaction;

export interface DatabaseConnection {
  readonly database: Database;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/**
 * Drizzle writes the parameters of a failed query into its error, from where every logger and console prints
 * them: sessions, password hashes, customers. Its constructor passes through here before it takes the stack.
 */
Object.defineProperty(DrizzleQueryError.prototype, "params", {
  configurable: true,
  get: () => [],
  set(this: DrizzleQueryError) {
    this.message = `Failed query: ${this.query}`;
  },
});

/**
 * Opens a pool on a migrated database.
 *
 * @param options.connectionString a `postgres://` URL
 * @param options.maximumConnections of this pool; 10 unless told
 * @param options.applicationName how PostgreSQL shows its connections; `redress`, as a server's, unless told
 */
export function connectDatabase(options: {
  connectionString: string;
  maximumConnections?: number;
  applicationName?: string;
}): DatabaseConnection {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.maximumConnections ?? 10,
    application_name: options.applicationName ?? "redress",
    // A server that vanished without a word: no query waits for it for ever.
    keepAlive: true,
    connectionTimeoutMillis: 30_000,
  });
  // An idle client that loses its server reports here; without a listener it would end the process.
  // The next query gets a fresh client or a clear error of its own.
  pool.on("error", () => {});
  pool.on("connect", nameStatements);
  return { database: drizzle(pool, { schema }), pool, close: () => pool.end() };
}
