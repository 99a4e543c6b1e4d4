import { setTimeout as delay } from "node:timers/promises";
import { connectDatabase, type DatabaseConnection } from "@redress/database";

export interface KeyLock {
  /** Runs `work` while nobody else, in this process or another on the same database, holds the key. */
  hold<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

async function connect({ pool }: DatabaseConnection, onLost: () => void) {
  const client = await pool.connect();
  client.on("error", onLost);
  return client;
}
type Session = Awaited<ReturnType<typeof connect>>;
const shortestPauseMs = 20;
const longestPauseMs = 500;

/**
 * One at a time by key. Within the process, those who wait stand in line; between processes an advisory
 * lock of PostgreSQL decides. All locks live on one connection, and go with it if it breaks: this keeps
 * workflows out of each other's way, but correctness never rests on it.
 */
export function createKeyLock(connectionString: string): KeyLock {
  const lines = new Map<string, Promise<unknown>>();
  const connection = connectDatabase({ connectionString, maximumConnections: 1 });
  let session: Promise<Session> | null = null;

  /** The one session that holds all locks; a new one when it was lost or could not be opened. */
  function openSession(): Promise<Session> {
    const forget = () => {
      session = null;
    };
    if (session === null) {
      session = connect(connection, forget);
      session.catch(forget);
    }
    return session;
  }

  async function underAdvisoryLock<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    let pauseMs = shortestPauseMs;
    let client = await openSession();
    while (!(await tryLock(client, key))) {
      await delay(pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      client = await openSession();
    }
    try {
      return await work();
    } finally {
      // A session that broke has already let go.
      await client.query("select pg_advisory_unlock(hashtextextended($1, 7336377))", [key]).catch(() => {});
    }
  }

  return {
    async hold(key, work) {
      const before = lines.get(key) ?? Promise.resolve();
      const turn = before.then(() => underAdvisoryLock(key, work));
      const settled = turn.catch(() => {});
      lines.set(key, settled);
      try {
        return await turn;
      } finally {
        if (lines.get(key) === settled) lines.delete(key);
      }
    },
    async close() {
      const client = await session?.catch(() => null);
      client?.release(true);
      await connection.close();
    },
  };
}

async function tryLock(client: Session, key: string): Promise<boolean> {
  const answer = await client.query<{ locked: boolean }>(
    "select pg_try_advisory_lock(hashtextextended($1, 7336377)) as locked",
    [key],
  );
  return answer.rows[0]?.locked === true;
}
