import { type DatabaseServer, query } from "../database-server.ts";
import type { Desk } from "../desk.ts";
import type { Load } from "../load/load.ts";
import type { SubjectName } from "../options.ts";
import { type Subject, startSubject } from "../processes.ts";

/** Whoever takes events, ready to be loaded. */
export interface Target {
  readonly name: SubjectName;
  /** Of the raw bound: its connections to the database. */
  readonly pool?: number;
  readonly url: string;
  readonly secret: string;
  readonly pid: number;
  readonly connectionString: string;
  /** Around each turn: who is not measured must not work. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

const secret = "whsec_bench";

/**
 * The raw bound with the pool that serves it best at this number of connections.
 *
 * @param pools sizes to try; a single one is not tried
 */
export async function startRaw(given: {
  server: DatabaseServer;
  load: Load;
  connections: number;
  pools: readonly number[];
  say: (line: string) => void;
}): Promise<Target> {
  const { server, load, connections, pools, say } = given;
  const connectionString = await server.createDatabase(`raw${connections}`);
  await query(
    connectionString,
    `create table events (id text primary key, type text not null, account_id text, payload text not null,
      received_at timestamptz not null default now())`,
  );
  const start = (pool: number) =>
    startSubject("raw", { DATABASE_URL: connectionString, WEBHOOK_SECRET: secret, POOL: String(pool) });
  let best = { pool: pools[0] ?? 10, requestsPerSecond: 0 };
  for (const pool of pools.length > 1 ? pools : []) {
    const tried = await start(pool);
    const job = { url: tried.url, secret, connections };
    await load.run({ ...job, seconds: 0.5, prefix: `w${connections}p${pool}x` });
    await server.checkpoint();
    const { inTime, elapsedSeconds } = await load.run({
      ...job,
      seconds: 1.5,
      prefix: `t${connections}p${pool}x`,
    });
    await tried.stop();
    const requestsPerSecond = inTime / elapsedSeconds;
    if (requestsPerSecond > best.requestsPerSecond) best = { pool, requestsPerSecond };
  }
  if (pools.length > 1)
    say(`Raw bound at ${connections} connections: a pool of ${best.pool} is best of ${pools.join(", ")}.`);
  return { ...asTarget("raw", await start(best.pool), connectionString), pool: best.pool };
}

export async function startSyncEngine(server: DatabaseServer): Promise<Target> {
  const connectionString = await server.createDatabase("sync_engine");
  // Its migrations give rights to a role of that name, which our server does not have.
  await query(connectionString, "create role postgres");
  const subject = await startSubject("sync-engine", {
    DATABASE_URL: connectionString,
    WEBHOOK_SECRET: secret,
  });
  return asTarget("sync-engine", subject, connectionString);
}

function asTarget(name: SubjectName, subject: Subject, connectionString: string): Target {
  const nothing = async () => {};
  return { ...subject, name, secret, connectionString, pause: nothing, resume: nothing };
}

export function deskAsTarget(desk: Desk, connectionString: string): Target {
  return {
    name: "redress",
    url: desk.url,
    secret: desk.secret,
    get pid() {
      return desk.pid;
    },
    connectionString,
    pause: desk.pause,
    resume: desk.resume,
    stop: desk.stop,
  };
}
