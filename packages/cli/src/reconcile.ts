import { setTimeout as delay } from "node:timers/promises";
import type { Dependencies } from "@redress/core/dependencies";
import { type DriftRow, driftsOfRun } from "@redress/core/reconciliation/record-drift";
import type { RunRow } from "@redress/core/reconciliation/run";
import { type ComparedApp, comparedApps, startAskedRun } from "@redress/core/reconciliation/start-run";
import { takeStep } from "@redress/core/reconciliation/take-step";
import { driftSentence } from "./drift-sentence.ts";
import type { ReconcileOptions } from "./reconcile-options.ts";
import { counted, createProgress, type Progress, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** A fifth of what Stripe allows an account in test mode, a twentieth in live mode. */
const requestsPerSecond = 5;
/** After this many tries in vain, one after the other, Stripe is out of reach for now. */
const mostFailures = 5;
const mostLines = 40;

/** What became of one app. */
interface Result {
  readonly app: string;
  readonly status: RunRow["status"] | "not_connected";
  /** Why it did not come to its end. */
  readonly reason: string | null;
  readonly run: RunRow | null;
  readonly resumed: boolean;
  readonly drifts: readonly DriftRow[];
}

/**
 * Runs the command to its end.
 *
 * @param stopping aborted when the person wants to stop: the step under way is finished first
 * @returns the exit code
 * @throws UsageError for an app that does not exist
 */
export async function reconcile(
  dependencies: Dependencies,
  options: ReconcileOptions,
  terminal: Terminal,
  stopping: AbortSignal,
): Promise<number> {
  const chosen = await chooseApps(dependencies, options);
  const results: Result[] = [];
  for (const app of chosen) {
    const result = await reconcileApp(dependencies, app, options, terminal, stopping);
    results.push(result);
    if (!options.json) terminal.out.write(textOf(result, options));
    if (stopping.aborted) break;
  }
  if (options.json) terminal.out.write(`${JSON.stringify({ apps: results.map(jsonOf) }, null, 2)}\n`);
  if (stopping.aborted) {
    terminal.err.write("Stopped. The same command goes on from here.\n");
    return 130;
  }
  // An app without a connection is no failure of a run over all; it is when that app was asked for.
  const isFine = ({ status }: Result) => status === "done" || (status === "not_connected" && options.all);
  return results.every(isFine) ? 0 : 1;
}

async function chooseApps(
  dependencies: Dependencies,
  { slugs, all }: ReconcileOptions,
): Promise<ComparedApp[]> {
  const rows = await comparedApps(dependencies);
  if (all) return rows;
  return slugs.map((slug) => {
    const app = rows.find((row) => row.slug === slug);
    if (app) return app;
    const known =
      rows.length === 0 ? "There is none yet." : `There is: ${rows.map((row) => row.slug).join(", ")}.`;
    throw new UsageError(`There is no app with the slug "${slug}". ${known}`);
  });
}

async function reconcileApp(
  dependencies: Dependencies,
  app: ComparedApp,
  { since }: ReconcileOptions,
  terminal: Terminal,
  stopping: AbortSignal,
): Promise<Result> {
  if (app.stripeAccountId === null) {
    const reason = "It is not connected to Stripe: there is nothing to compare with.";
    return { app: app.slug, status: "not_connected", reason, run: null, resumed: false, drifts: [] };
  }
  const { runId, resumed } = await startAskedRun(dependencies, { app, since });
  const progress = createProgress(terminal, app.slug);
  if (resumed) progress.say(`${app.slug}: going on with the comparison that was interrupted.`);
  try {
    const run = await takeSteps(dependencies, runId, progress, stopping);
    const drifts = await driftsOfRun(dependencies, runId);
    return { app: app.slug, status: run.status, reason: run.lastError, run, resumed, drifts };
  } finally {
    progress.end();
  }
}

async function takeSteps(
  dependencies: Dependencies,
  runId: string,
  progress: Progress,
  stopping: AbortSignal,
): Promise<RunRow> {
  for (;;) {
    const began = performance.now();
    const { run, requests, progress: share } = await takeStep(dependencies, { runId, hold: true });
    const { refundsListed, refundsAsked, eventsListed } = run;
    progress.show(
      share,
      `${counted(refundsListed + refundsAsked, "refund")}, ${counted(eventsListed, "event")}`,
    );
    if (run.status !== "running" || stopping.aborted) return run;
    if (run.attemptCount >= mostFailures) return run;
    const paceMs = (requests * 1_000) / requestsPerSecond - (performance.now() - began);
    const waitMs = run.attemptCount === 0 ? paceMs : pauseMs(dependencies, run);
    if (run.attemptCount > 0) {
      progress.say(`Stripe: ${run.lastError} Going on in ${Math.ceil(waitMs / 1_000)} s.`);
    }
    await delay(Math.max(0, waitMs), undefined, { signal: stopping }).catch(() => undefined);
  }
}

function pauseMs({ clock }: Dependencies, { nextAttemptAt }: RunRow): number {
  return (nextAttemptAt?.getTime() ?? 0) - clock.now().getTime();
}

function textOf({ app, status, reason, run, drifts }: Result, { since }: ReconcileOptions): string {
  if (run === null) return `${app}: ${reason}\n`;
  const lines = [
    `${app}: ${headline(status, drifts)}`,
    `  since ${since.toISOString()}: ${counted(run.refundsListed, "refund")} listed, ${run.refundsAsked} asked; ${counted(run.eventsListed, "event")} listed, ${run.eventsPulled} pulled in; ${run.sentAgain} sent again`,
    ...(status === "done" || reason === null ? [] : [`  ${reason}`]),
    ...drifts.slice(0, mostLines).map((drift) => `  - ${driftSentence(drift)}`),
    ...(drifts.length > mostLines ? [`  … and ${drifts.length - mostLines} more: --json lists all`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function headline(status: Result["status"], drifts: readonly DriftRow[]): string {
  const found = counted(drifts.length, "difference");
  switch (status) {
    case "done":
      return drifts.length === 0 ? "the books agree." : `${found}.`;
    case "running":
      return `not finished, ${found} so far. The server goes on with it, and so does the same command.`;
    case "disconnected":
      return `disconnected from Stripe, ${found} before.`;
    default:
      return `Stripe refused, ${found} before.`;
  }
}

function jsonOf({ app, status, reason, run, resumed, drifts }: Result): Record<string, unknown> {
  return {
    app,
    status,
    reason,
    resumed,
    runId: run?.id ?? null,
    since: run?.since ?? null,
    until: run?.until ?? null,
    refundsListed: run?.refundsListed ?? 0,
    refundsAsked: run?.refundsAsked ?? 0,
    eventsListed: run?.eventsListed ?? 0,
    eventsPulled: run?.eventsPulled ?? 0,
    sentAgain: run?.sentAgain ?? 0,
    drifts: drifts.map(({ runId: _run, appId: _app, ...drift }) => drift),
  };
}
