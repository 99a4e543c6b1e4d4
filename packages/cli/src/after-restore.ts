import { RedressError } from "@redress/core/errors";
import { newId } from "@redress/core/ids";
import { formatMoney } from "@redress/core/money";
import { startImport } from "@redress/core/purchases/start-import";
import { beginRestore } from "@redress/core/restore/begin-restore";
import {
  markCompared,
  uncomparedApps,
  type WaitingRefund,
  waitingRefunds,
} from "@redress/core/restore/compared-apps";
import { listedSince } from "@redress/core/restore/restored-time";
import { serverRuns } from "@redress/core/restore/server-runs";
import type { Desk } from "./command.ts";
import { actor } from "./events/replay-one.ts";
import { compareApp } from "./reconcile.ts";
import type { AfterRestoreOptions } from "./reconcile-options.ts";
import { jsonOf, type Result, textOf } from "./result.ts";
import { counted } from "./terminal.ts";

/** Stripe keeps events for 30 days; with older ones only the import tells of charges and disputes. */
const eventsKeptMs = 29 * 24 * 60 * 60 * 1000;

interface AppResult {
  readonly result: Result;
  readonly waiting: readonly WaitingRefund[];
  readonly importing: boolean;
}

/**
 * `reconcile --after-restore`: stops all refunds, takes in what the backup does not know, and says what is left to look
 * at before they run again.
 *
 * @returns the exit code: 1 while some app could not be compared
 */
export async function afterRestore(desk: Desk, options: AfterRestoreOptions): Promise<number> {
  const { dependencies, terminal, stopping } = desk;
  const { since, json } = options;
  const correlationId = newId(dependencies.random, "correlation");
  if (await serverRuns(dependencies)) throw serverIsUp();
  const begun = await beginRestore(dependencies, { ...(since && { since }), correlationId });
  const { restore } = begun;
  terminal.err.write(
    begun.resumed
      ? `Going on with the restore of ${restore.noticedAt.toISOString()}. If the database was restored once more, add --since <moment of the backup>.\n`
      : `The newest that this database knows is of ${restore.since.toISOString()}. Refunds of ${counted(begun.stoppedApps, "app")} were stopped, ${counted(begun.endedLists, "open list")} of refunds ended.\n`,
  );
  const results: AppResult[] = [];
  for (const app of await uncomparedApps(dependencies, { restoreId: restore.id })) {
    const command = { dependencies, terminal, stopping, options: { since: listedSince(restore) } };
    const result = await compareApp(command, app);
    const isDone = result.status === "done";
    const importing = isDone && isLongAgo(desk, restore.since);
    if (importing) await startImport(dependencies, { slug: app.slug, actor });
    if (isDone) await markCompared(dependencies, { restoreId: restore.id, appId: app.id });
    const waiting = await waitingRefunds(dependencies, { appId: app.id });
    results.push({ result, waiting, importing });
    if (!json) terminal.out.write(`${textOf(result)}${waitingText({ result, waiting, importing })}`);
    if (stopping.aborted) break;
  }
  return conclude(desk, { results, restore, json });
}

function isLongAgo({ dependencies }: Desk, since: Date): boolean {
  return dependencies.clock.now().getTime() - since.getTime() > eventsKeptMs;
}

function conclude(
  { terminal, stopping }: Desk,
  {
    results,
    restore,
    json,
  }: { results: AppResult[]; restore: { id: string; since: Date; noticedAt: Date }; json: boolean },
): number {
  const open = results.filter(({ result }) => result.status !== "done");
  if (json) {
    const apps = results.map(({ result, waiting, importing }) => ({ ...jsonOf(result), waiting, importing }));
    terminal.out.write(`${JSON.stringify({ restore, apps }, null, 2)}\n`);
  }
  if (stopping.aborted) {
    terminal.err.write("Stopped. The same command goes on from here; until then no server may start.\n");
    return 130;
  }
  if (!json) terminal.out.write(open.length === 0 ? allCompared : notAllCompared);
  return open.length === 0 ? 0 : 1;
}

const allCompared = `All apps were compared with Stripe. Start the servers: they handle the events that were pulled in. Refunds stay
stopped until a person has looked at what waits, and lets them run: Settings, Integrations, the app.
`;
const notAllCompared = `Not all apps could be compared; the refunds of those stay stopped, and cannot be let run. Connect them (with the
server, or mend what is named above), stop the servers and give the same command again.
`;

function waitingText({ result, waiting, importing }: AppResult): string {
  const lines = waiting.map(({ id, status, looksLike, ...money }) => {
    const like =
      looksLike === null ? "" : `; LOOK AT IT: ${looksLike} of the same purchase and amount was made since`;
    return `  - ${id}, ${formatMoney(money)}: ${status}, and Stripe has no refund of it${like}\n`;
  });
  const head =
    lines.length === 0 || result.status !== "done"
      ? ""
      : "  Would be sent once refunds run again, if nobody took them back since the backup:\n";
  const tail = importing ? "  Older than Stripe's events: the import of its purchases was queued.\n" : "";
  return `${head}${result.status === "done" ? lines.join("") : ""}${tail}`;
}

function serverIsUp(): RedressError {
  return new RedressError(
    "invalid_input",
    "A server of this desk is connected to the database. Stop every server first: it could pay again what was paid since the backup. Nothing was changed.",
  );
}
