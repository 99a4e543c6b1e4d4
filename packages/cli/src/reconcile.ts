import { systemActor } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import { isRedressError } from "@redress/core/errors";
import { driftsOfRun } from "@redress/core/reconciliation/record-drift";
import {
  type AskedRun,
  type ComparedApp,
  comparedApps,
  startAskedRun,
  startRefundRun,
} from "@redress/core/reconciliation/start-asked-run";
import { findRefund } from "@redress/core/refunds/find-refund";
import { getRefund } from "@redress/core/refunds/get-refund";
import { listRefunds } from "@redress/core/refunds/list-refunds";
import type { ReconcileOptions } from "./reconcile-options.ts";
import { jsonOf, type Result, textOf } from "./result.ts";
import { takeSteps } from "./take-steps.ts";
import { createProgress, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

interface Command {
  readonly dependencies: Dependencies;
  readonly options: ReconcileOptions;
  readonly terminal: Terminal;
  readonly stopping: AbortSignal;
}

/**
 * Runs the command to its end.
 *
 * @param stopping aborted when the person wants to stop: the step under way is finished first
 * @returns the exit code
 * @throws UsageError for an app or a refund that does not exist
 */
export async function reconcile(
  dependencies: Dependencies,
  options: ReconcileOptions,
  terminal: Terminal,
  stopping: AbortSignal,
): Promise<number> {
  const command = { dependencies, options, terminal, stopping };
  const comparisons = options.refundIds.length > 0 ? await ofRefunds(command) : await ofApps(command);
  const results: Result[] = [];
  for (const compare of comparisons) {
    const result = await compare();
    results.push(result);
    if (!options.json) terminal.out.write(textOf(result));
    if (stopping.aborted) break;
  }
  const answer = options.refundIds.length > 0 ? "refunds" : "apps";
  if (options.json) {
    terminal.out.write(`${JSON.stringify({ [answer]: results.map(jsonOf) }, null, 2)}\n`);
  }
  if (stopping.aborted) {
    terminal.err.write("Stopped. The same command goes on from here.\n");
    return 130;
  }
  // An app without a connection is no failure of a run over all; it is when that app was asked for.
  const isFine = ({ status }: Result) => status === "done" || (status === "not_connected" && options.all);
  return results.every(isFine) ? 0 : 1;
}

/** Whoever has a shell on the server: the desk does not know their name. */
const askedBy = systemActor("command_line");

type Comparison = () => Promise<Result>;

async function ofApps(command: Command): Promise<Comparison[]> {
  const { slugs, all } = command.options;
  const rows = await comparedApps(command.dependencies);
  const chosen = all ? rows : slugs.map((slug) => appOf(rows, slug));
  if (chosen.length === 0) {
    throw new UsageError(
      `There is no app in this database, so there is nothing to compare. ${otherDatabase}`,
    );
  }
  return chosen.map((app) => () => compareApp(command, app));
}

const otherDatabase = "Set DATABASE_URL if the server uses another database; the demo prints its own.";

function appOf(rows: readonly ComparedApp[], slug: string): ComparedApp {
  const app = rows.find((row) => row.slug === slug);
  if (app) return app;
  const known =
    rows.length === 0
      ? `There is none yet. ${otherDatabase}`
      : `There is: ${rows.map((row) => row.slug).join(", ")}.`;
  throw new UsageError(`There is no app with the slug "${slug}". ${known}`);
}

/** Compares one app's books with Stripe to the end, or until it is stopped. */
export async function compareApp(
  command: Omit<Command, "options"> & { readonly options: Pick<ReconcileOptions, "since"> },
  app: ComparedApp,
): Promise<Result> {
  if (app.stripeAccountId === null) {
    const reason = "It is not connected to Stripe: there is nothing to compare with.";
    return { ...nothing, app: app.slug, reason };
  }
  const { since } = command.options;
  const result = await work(
    command,
    app.slug,
    await startAskedRun(command.dependencies, { app, since, askedBy }),
  );
  return { ...result, open: await openRefunds(command.dependencies, app.id) };
}

async function openRefunds(dependencies: Dependencies, appId: string): Promise<Result["open"]> {
  const { refunds } = await listRefunds(dependencies, {
    appIds: [appId],
    statuses: ["executing"],
    limit: 100,
  });
  const unknown = refunds.filter(({ outcomeUnknown }) => outcomeUnknown);
  return unknown.map(({ id, nextAttemptAt }) => ({ id, nextAttemptAt }));
}

/** All of them are looked for before any is asked about: a mistyped one changes nothing. */
async function ofRefunds(command: Command): Promise<Comparison[]> {
  const known: string[] = [];
  for (const given of command.options.refundIds) known.push(await refundIdOf(command.dependencies, given));
  return known.map((refundId) => () => compareRefund(command, refundId));
}

async function refundIdOf(dependencies: Dependencies, given: string): Promise<string> {
  const found = await findRefund(dependencies, given);
  if (found !== undefined) return found;
  const elsewhere = given.startsWith("re_")
    ? " If it was made in Stripe’s own Dashboard and is not known here yet, compare its app: --app <slug>."
    : " Its page in the console and the list of refunds show the id, rfd_….";
  throw new UsageError(`There is no refund "${given}".${elsewhere}`);
}

async function compareRefund(command: Command, refundId: string): Promise<Result> {
  const { dependencies } = command;
  const read = async () => {
    const { app, id, status, stripeRefundId, nextAttemptAt, outcomeUnknown } = await getRefund(dependencies, {
      refundId,
    });
    const open = outcomeUnknown ? [{ id, nextAttemptAt }] : [];
    return { app: app.slug, refund: { id, status, stripeRefundId, nextAttemptAt }, open };
  };
  const before = await read();
  try {
    const started = await startRefundRun(dependencies, { refundId, askedBy });
    const result = await work(command, before.app, started);
    return { ...result, ...(await read()) };
  } catch (error) {
    if (!isRedressError(error) || error.code !== "app_not_connected") throw error;
    return { ...nothing, ...before, reason: error.message };
  }
}

const nothing = {
  status: "not_connected",
  refund: null,
  run: null,
  resumed: false,
  drifts: [],
  open: [],
} as const;

async function work(
  { dependencies, terminal, stopping }: Omit<Command, "options">,
  app: string,
  { runId, resumed }: AskedRun,
): Promise<Result> {
  const progress = createProgress(terminal, app);
  if (resumed) progress.say(`${app}: going on with the comparison that was interrupted.`);
  try {
    const run = await takeSteps(dependencies, runId, progress, stopping);
    const drifts = await driftsOfRun(dependencies, runId);
    return { app, refund: null, status: run.status, reason: run.lastError, run, resumed, drifts, open: [] };
  } finally {
    progress.end();
  }
}
