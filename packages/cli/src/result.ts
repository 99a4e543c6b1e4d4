import type { DriftRow } from "@redress/core/reconciliation/record-drift";
import type { RunRow } from "@redress/core/reconciliation/run";
import type { RefundDetail } from "@redress/core/refunds/refund-view";
import { driftSentence } from "./drift-sentence.ts";
import { counted } from "./terminal.ts";

const mostLines = 40;
const mostNamed = 3;

/** What became of one app, or of one refund. */
export interface Result {
  readonly app: string;
  /** Where one refund was compared: as it is now. */
  readonly refund: Pick<RefundDetail, "id" | "status" | "stripeRefundId" | "nextAttemptAt"> | null;
  readonly status: RunRow["status"] | "not_connected";
  /** Why it did not come to its end. */
  readonly reason: string | null;
  readonly run: RunRow | null;
  readonly resumed: boolean;
  readonly drifts: readonly DriftRow[];
  /** Refunds of which nobody knows yet whether Stripe made them: the books cannot agree or differ about these. */
  readonly open: readonly Pick<RefundDetail, "id" | "nextAttemptAt">[];
}

/** A result for people. */
export function textOf(result: Result): string {
  const { app, refund, status, reason, run, drifts } = result;
  const name = refund?.id ?? app;
  if (run === null) return `${name}: ${reason}\n`;
  const seen = `${counted(run.refundsListed, "refund")} listed, ${run.refundsAsked} asked`;
  const lines = [
    `${name}: ${headline(result)}`,
    refund
      ? `  of ${app}: ${seen} of its charge; ${refundNow(refund)}`
      : `  since ${run.since.toISOString()}: ${seen}; ${counted(run.eventsListed, "event")} listed, ${run.eventsPulled} pulled in; ${run.sentAgain} sent again`,
    ...(status === "done" || reason === null ? [] : [`  ${reason}`]),
    ...drifts.slice(0, mostLines).map((drift) => `  - ${driftSentence(drift)}`),
    ...(drifts.length > mostLines ? [`  … and ${drifts.length - mostLines} more: --json lists all`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function refundNow({ status, stripeRefundId, nextAttemptAt }: NonNullable<Result["refund"]>): string {
  const words = status.replaceAll("_", " ");
  if (stripeRefundId !== null) return `it is ${words} now, as ${stripeRefundId}`;
  const next =
    status === "executing" && nextAttemptAt ? `; next question ${nextAttemptAt.toISOString()}` : "";
  return `it is ${words}, and Stripe has no refund of it${next}`;
}

function headline({ status, drifts, open }: Result): string {
  const found = counted(drifts.length, "difference");
  switch (status) {
    case "done":
      return `${drifts.length === 0 ? "the books agree" : found}${stillAsked(open)}.`;
    case "running":
      return `not finished, ${found} so far. The server goes on with it, and so does the same command.`;
    case "disconnected":
      return `disconnected from Stripe, ${found} before.`;
    default:
      return `Stripe refused, ${found} before.`;
  }
}

function stillAsked(open: Result["open"]): string {
  if (open.length === 0) return "";
  const named = open
    .slice(0, mostNamed)
    .map(({ id, nextAttemptAt }) =>
      nextAttemptAt === null
        ? `${id}, which needs a person`
        : `${id}, next question ${nextAttemptAt.toISOString()}`,
    );
  const more = open.length > mostNamed ? `; and ${open.length - mostNamed} more` : "";
  return ` but for ${counted(open.length, "refund")} whose outcome is unknown (${named.join("; ")}${more})`;
}

/** A result for programs. */
export function jsonOf({
  app,
  refund,
  status,
  reason,
  run,
  resumed,
  drifts,
  open,
}: Result): Record<string, unknown> {
  return {
    app,
    ...(refund && { refund }),
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
    open,
    drifts: drifts.map(({ runId: _run, appId: _app, ...drift }) => drift),
  };
}
