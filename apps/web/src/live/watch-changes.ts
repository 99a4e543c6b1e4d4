import type { Dependencies } from "@redress/core/dependencies";
import { auditLogs } from "@redress/database";
import { desc, gt, sql } from "drizzle-orm";

/** Something that happened: every change of the desk's facts has exactly one entry of the audit log. */
export interface Change {
  readonly id: number;
  readonly appId: string | null;
  readonly refundId: string | null;
  readonly actorId: string;
  /** The status that the refund came into by it, or null when it stayed in its own. */
  readonly status: string | null;
}

interface Watcher {
  /** Called with what is new, never with an empty list. */
  readonly onChanges: (changes: readonly Change[]) => void;
  /** The desk stops: there will be nothing more. */
  readonly onEnd: () => void;
}

export interface ChangeWatch {
  /** Tells of changes from now on, until the returned function is called. */
  watch(watcher: Watcher): () => void;
  /** Ends every watcher, so that a server that stops does not wait for open connections. */
  close(): void;
}

/**
 * Ids are given before their transactions commit, so that a smaller one may become visible after a larger: each
 * look goes so far back, and leaves out what was told already.
 */
const overlap = 300;

/**
 * Watches the audit log for all browsers of this process with one small query a second, and none while nobody
 * watches. Not LISTEN/NOTIFY: a notifying commit holds a lock that every other one waits for, and refunds of a
 * list commit a hundred times a second.
 *
 * @param options.everyMs between two looks; a second unless told
 */
export function watchChanges(
  { database, logger }: Pick<Dependencies, "database" | "logger">,
  { everyMs = 1000 }: { everyMs?: number } = {},
): ChangeWatch {
  const watchers = new Set<Watcher>();
  let told: ReadonlySet<number> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const look = async () => {
    const { newest, fresh } = await readChanges(database, told);
    told = newest;
    if (fresh.length > 0) for (const { onChanges } of watchers) onChanges(fresh);
  };
  const loop = async () => {
    await look().catch((error: unknown) => logger.warn({ err: error }, "Changes could not be looked for."));
    if (watchers.size > 0 && !closed) timer = setTimeout(loop, everyMs);
    else {
      timer = undefined;
      told = null;
    }
  };

  return {
    watch(watcher) {
      if (closed) {
        watcher.onEnd();
        return () => {};
      }
      watchers.add(watcher);
      // The first look only notes what there is; a timer, so that two who come at once share it.
      timer ??= setTimeout(loop, 0);
      return () => watchers.delete(watcher);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      for (const { onEnd } of watchers) onEnd();
      watchers.clear();
    },
  };
}

async function readChanges(database: Dependencies["database"], told: ReadonlySet<number> | null) {
  const last = Math.max(0, ...(told ?? []));
  const rows = await database
    .select({
      id: auditLogs.id,
      appId: auditLogs.appId,
      refundId: auditLogs.refundId,
      actorId: auditLogs.actorId,
      status: sql<
        string | null
      >`nullif(${auditLogs.after} ->> 'status', coalesce(${auditLogs.before} ->> 'status', ''))`,
    })
    .from(auditLogs)
    .where(told === null || last === 0 ? undefined : gt(auditLogs.id, last - overlap))
    .orderBy(desc(auditLogs.id))
    .limit(told === null ? overlap : 2000);
  const newest = new Set(rows.slice(0, overlap).map(({ id }) => id));
  return { newest, fresh: told === null ? [] : rows.filter(({ id }) => !told.has(id)) };
}
