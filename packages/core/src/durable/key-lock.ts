import { setTimeout as delay } from "node:timers/promises";
import { connectDatabase, type DatabaseConnection } from "@redress/database";

export interface KeyLock {
  /** Runs `work` while nobody else, in this process or another on the same database, holds the key. */
  hold<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
  /** The same, but only within this process. */
  holdHere<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** One connection, which answers one query at a time. */
interface Session {
  /** Runs a statement of one boolean on a key. */
  ask(statement: "pg_try_advisory_lock" | "pg_advisory_unlock", key: string): Promise<boolean>;
  close(): void;
}

async function openSession({ pool }: DatabaseConnection, onLost: () => void): Promise<Session> {
  const client = await pool.connect();
  let isOpen = true;
  // Given back broken: the pool has one place, and keeps it for whoever was lent it until then.
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    client.release(true);
    onLost();
  };
  client.on("error", close);
  client.on("end", close);
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask(statement, key) {
      const answer = last.then(async () => {
        const text = `select ${statement}(hashtextextended($1, 7336377)) as answer`;
        const { rows } = await client.query<{ answer: boolean }>(text, [key]);
        return rows[0]?.answer === true;
      });
      last = answer.catch(() => {});
      return answer;
    },
    close,
  };
}

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

  /** The session that holds all locks; a new one when it was lost or could not be opened. */
  function currentSession(): Promise<Session> {
    if (session !== null) return session;
    const opened: Promise<Session> = openSession(connection, () => forget(opened));
    opened.catch(() => forget(opened));
    session = opened;
    return opened;
  }

  function forget(lost: Promise<Session>): void {
    if (session === lost) session = null;
  }

  async function underAdvisoryLock<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    let pauseMs = shortestPauseMs;
    let current = await currentSession();
    while (!(await current.ask("pg_try_advisory_lock", key))) {
      await delay(pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      current = await currentSession();
    }
    try {
      return await work();
    } finally {
      // A session that broke has already let go.
      await current.ask("pg_advisory_unlock", key).catch(() => {});
    }
  }

  async function inLine<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = lines.get(key) ?? Promise.resolve();
    const turn = before.then(work);
    const settled = turn.catch(() => {});
    lines.set(key, settled);
    try {
      return await turn;
    } finally {
      if (lines.get(key) === settled) lines.delete(key);
    }
  }

  return {
    hold: (key, work) => inLine(key, () => underAdvisoryLock(key, work)),
    holdHere: inLine,
    async close() {
      const current = await session?.catch(() => null);
      current?.close();
      await connection.close();
    },
  };
}
