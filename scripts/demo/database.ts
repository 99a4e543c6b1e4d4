import { randomBytes } from "node:crypto";
import { startEmbeddedPostgres } from "@redress/database/embedded";
import pg from "pg";

const prefix = "redress_demo_";
/** Any fixed number: demos that start together make their databases one after the other. */
const lock = 7_336_378;

export interface DemoDatabase {
  readonly connectionString: string;
  /** Removes the database, and stops the server unless another process uses it. */
  close(): Promise<void>;
}

/**
 * A fresh database of this demo's own, on the embedded server. What demos that were killed left behind is
 * dropped; a demo that still runs keeps its own.
 */
export async function openDemoDatabase(): Promise<DemoDatabase> {
  const server = await startEmbeddedPostgres({});
  const name = `${prefix}${randomBytes(4).toString("hex")}`;
  const admin = new pg.Client({ connectionString: server.connectionString("postgres") });
  // Stays connected as long as the demo runs: a database with a connection is in use.
  const keeper = new pg.Client({ connectionString: server.connectionString(name) });
  try {
    await admin.connect();
    await admin.query("select pg_advisory_lock($1)", [lock]);
    const { rows } = await admin.query<{ datname: string }>(
      `select datname from pg_database d where starts_with(datname, $1)
        and not exists (select 1 from pg_stat_activity a where a.datname = d.datname)`,
      [prefix],
    );
    for (const { datname } of rows)
      await admin.query(`drop database if exists ${pg.escapeIdentifier(datname)}`);
    await admin.query(`create database ${pg.escapeIdentifier(name)}`);
    await keeper.connect();
    await admin.query("select pg_advisory_unlock($1)", [lock]);
  } catch (error) {
    await Promise.allSettled([keeper.end(), admin.end()]);
    await server.stop();
    throw error;
  }
  return {
    connectionString: server.connectionString(name),
    async close() {
      await keeper.end();
      await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
      await admin.end();
      await server.stop();
    },
  };
}
