import { systemActor } from "@redress/core/actor";
import { isRedressError } from "@redress/core/errors";
import { runImport } from "@redress/core/purchases/run-import";
import { getImport, startImport } from "@redress/core/purchases/start-import";
import type { Desk } from "./command.ts";
import type { ImportOptions } from "./import-options.ts";
import { counted, createProgress, type Progress } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Whoever has a shell on the server: the desk does not know their name. */
const askedBy = systemActor("command_line");
/** Between two looks at how far it has come. */
const shiftMs = 1_000;

type Started = Awaited<ReturnType<typeof startImport>>;

/**
 * `purchases import`: starts an import, or goes on with the one that runs, beside the server.
 *
 * @returns the exit code: 1 when Stripe refused or the app was disconnected meanwhile
 * @throws UsageError for an app that does not exist
 */
export async function importPurchases(desk: Desk, { app, json }: ImportOptions): Promise<number> {
  const { dependencies, terminal, stopping } = desk;
  const started = await start(desk, app);
  const progress = createProgress(terminal, app);
  if (started.resumed) progress.say(`${app}: going on with the import that is under way.`);
  try {
    await work(desk, { app, importId: started.id, progress });
  } finally {
    progress.end();
  }
  const result = await getImport(dependencies, { slug: app });
  if (result === null) throw new Error(`The import of ${app} is gone, though imports are never deleted.`);
  terminal.out.write(
    json
      ? `${JSON.stringify({ app, ...result, resumed: started.resumed })}\n`
      : `${app}: ${counted(result.importedCount, "purchase")} of ${counted(result.chargeCount, "charge")}, ${sentenceOf(result)}\n`,
  );
  if (stopping.aborted && result.status === "running") {
    terminal.err.write("Stopped. The server goes on with it, and so does the same command.\n");
    return 130;
  }
  return result.status === "done" ? 0 : 1;
}

async function start({ dependencies }: Desk, slug: string): Promise<Started> {
  try {
    return await startImport(dependencies, { slug, actor: askedBy });
  } catch (error) {
    if (isRedressError(error) && error.code === "app_not_found") {
      throw new UsageError(
        `There is no app with the slug "${slug}". See npm run redress -- reconcile --all.`,
      );
    }
    throw error;
  }
}

async function work(
  { dependencies, stopping }: Desk,
  { app, importId, progress }: { app: string; importId: string; progress: Progress },
): Promise<void> {
  for (let over = false; !over && !stopping.aborted; ) {
    over = (await runImport(dependencies, { importId, forMs: shiftMs, stopping })).over;
    const now = await getImport(dependencies, { slug: app });
    if (now === null) return;
    progress.show(now.progress, counted(now.importedCount, "purchase"));
    if (now.error !== null && now.status === "running") progress.say(`Put off: ${now.error}`);
  }
}

function sentenceOf({ status, error }: Pick<Started, "status" | "error">): string {
  if (status === "done") return "all there.";
  if (status === "running") return "not finished.";
  return `${status}: ${error ?? "no reason was kept"}`;
}
