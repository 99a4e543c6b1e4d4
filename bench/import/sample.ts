import { setTimeout as pause } from "node:timers/promises";
import { query } from "../database-server.ts";
import { findInFamily, residentBytesOf } from "../processes.ts";

/** One look at a running import. */
export interface Look {
  readonly atMs: number;
  readonly pages: number;
  readonly imported: number;
  readonly status: string;
  /** Memory of each process of the desk, by its id. */
  readonly bytes: ReadonlyMap<number, number>;
  /** The process that imports. */
  readonly importer: number;
}

interface Watched {
  readonly connectionString: string;
  readonly accountId: string;
  /** Of the desk. */
  readonly pid: number;
}

/** Each look costs processes and a connection, on the same machine. */
const everyMs = 500;
/** Longer than a stretch stays with a process that is gone. */
const stuckMs = 240_000;

/**
 * Looks at an account's import again and again.
 *
 * @param given.until true for the last look
 * @throws Error when nothing moves for minutes, or the import has failed
 */
export async function watchImport(
  given: Watched & { readonly until: (look: Look) => boolean },
): Promise<Look[]> {
  // With DBOS, which the bench has, the desk forks its workflows.
  const importer = await findInFamily(given.pid, "worker-process");
  const looks: Look[] = [];
  let moved = performance.now();
  for (;;) {
    const look = { ...(await lookAt(given)), importer };
    if (look.pages !== looks.at(-1)?.pages) moved = look.atMs;
    looks.push(look);
    if (given.until(look)) return looks;
    const isOver = look.status !== "running" && look.status !== "none";
    if (isOver || look.atMs - moved > stuckMs) {
      throw new Error(`The import is ${look.status} after ${look.pages} pages, and does not go on.`);
    }
    await pause(everyMs);
  }
}

async function lookAt({ connectionString, accountId, pid }: Watched): Promise<Omit<Look, "importer">> {
  const bytes = await residentBytesOf(pid);
  const [row] = await query<{ pages: number; imported: number; status: string }>(
    connectionString,
    `select page_count as pages, imported_count as imported, status from purchase_imports
      where stripe_account_id = $1 order by started_at desc limit 1`,
    [accountId],
  );
  return { atMs: performance.now(), pages: 0, imported: 0, status: "none", ...row, bytes };
}
