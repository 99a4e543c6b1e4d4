import type { ComparisonView, RunView } from "@redress/core/reconciliation/comparison-view";
import { CircleCheck, CircleDashed, OctagonX, Unplug } from "lucide-react";
import { Mark } from "../mark.tsx";
import { Cell, HeadCell, Table } from "../ui/table.tsx";
import { When } from "../when.tsx";
import { CompareForm } from "./compare-form.tsx";

const looks = {
  none: { label: "Not compared yet", tone: "quiet", icon: CircleDashed },
  running: { label: "Comparing", tone: "moving", icon: CircleDashed },
  done: { label: "Compared", tone: "good", icon: CircleCheck },
  failed: { label: "Failed", tone: "bad", icon: OctagonX },
  disconnected: { label: "Disconnected", tone: "waiting", icon: Unplug },
} as const;

const phases: Readonly<Record<RunView["phase"], string>> = {
  list_refunds: "listing refunds",
  ask_refunds: "asking for older refunds",
  list_events: "listing events",
  send_again: "sending lost work again",
};

/** Each app's books: how the last comparison ended, or how far this one has come, and the next. */
export function ComparisonTable({
  comparisons,
  mayStart,
}: {
  comparisons: readonly ComparisonView[];
  mayStart: (appId: string) => boolean;
}) {
  return (
    <Table>
      <thead>
        <tr>
          <HeadCell>App</HeadCell>
          <HeadCell className="hidden sm:table-cell">Last comparison</HeadCell>
          <HeadCell className="hidden md:table-cell">Next</HeadCell>
          <HeadCell>
            <span className="sr-only">Start one</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {comparisons.map((comparison) => (
          <ComparisonRow
            key={comparison.app.id}
            comparison={comparison}
            mayStart={mayStart(comparison.app.id)}
          />
        ))}
      </tbody>
    </Table>
  );
}

function ComparisonRow({ comparison, mayStart }: { comparison: ComparisonView; mayStart: boolean }) {
  const { app, stripeAccountId, running } = comparison;
  return (
    <tr className="border-b border-line align-top last:border-0" data-app={app.slug}>
      <Cell className="py-2.5 align-top">
        <span className="block font-medium">{app.name}</span>
        <span className="hidden font-mono text-xs text-ink-faint lg:block">
          {stripeAccountId ?? "not connected to Stripe"}
        </span>
        <div className="mt-1.5 sm:hidden">
          <State comparison={comparison} />
          <p className="mt-1 text-xs text-ink-faint md:hidden">
            <Next comparison={comparison} />
          </p>
        </div>
      </Cell>
      <Cell className="hidden py-2.5 align-top sm:table-cell">
        <State comparison={comparison} />
      </Cell>
      <Cell className="hidden py-2.5 align-top whitespace-nowrap text-ink-soft md:table-cell">
        <Next comparison={comparison} />
      </Cell>
      <Cell className="py-2 text-right align-top">
        {mayStart && stripeAccountId !== null && running === null && (
          <CompareForm app={app.slug} name={app.name} />
        )}
      </Cell>
    </tr>
  );
}

function State({ comparison: { running, last } }: { comparison: ComparisonView }) {
  const run = running ?? last;
  const { label, tone, icon: Icon } = looks[run?.status ?? "none"];
  return (
    <div className="max-w-md" data-comparison={run?.status ?? "none"}>
      <Mark label={label} tone={tone} icon={Icon} />
      {last && (
        <span className="ml-2 text-xs text-ink-soft">
          <When at={last.finishedAt ?? last.startedAt} />
        </span>
      )}
      {running && <Running run={running} />}
      {!running && last && <Found run={last} />}
    </div>
  );
}

function Running({ run }: { run: RunView }) {
  const percent = Math.floor(run.progress * 100);
  return (
    <div className="mt-1.5 text-xs text-ink-soft">
      <progress
        value={run.progress}
        max={1}
        aria-label="How far the comparison has come"
        className="block h-1.5 w-full max-w-64 appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-moving [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-moving"
      />
      <p className="numeric mt-1">
        {percent} %, {phases[run.phase]}. {countsOf(run)} so far.
      </p>
      {run.waitsUntil && (
        <p className="mt-0.5 text-waiting">
          Waits: {run.lastError} Goes on <When at={run.waitsUntil} />.
        </p>
      )}
    </div>
  );
}

function Found({ run }: { run: RunView }) {
  return (
    <div className="mt-1 text-xs text-ink-soft [overflow-wrap:anywhere]">
      <p className="numeric">
        {run.driftCount === 0 ? "No difference. " : `${counted(run.driftCount, "difference")}. `}
        {countsOf(run)}.
      </p>
      {run.status !== "done" && run.lastError && <p className="mt-0.5 text-ink">{run.lastError}</p>}
    </div>
  );
}

function Next({ comparison: { stripeAccountId, running, nextDueAt } }: { comparison: ComparisonView }) {
  if (stripeAccountId === null) return "Once it is connected";
  if (nextDueAt === null) return running ? "An hour after this one began" : null;
  return (
    <>
      Due <When at={nextDueAt} />
    </>
  );
}

const whole = new Intl.NumberFormat("en-GB");

function counted(count: number, noun: string): string {
  return `${whole.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function countsOf({ refundsListed, refundsAsked, eventsListed }: RunView): string {
  return `${counted(refundsListed + refundsAsked, "refund")} and ${counted(eventsListed, "event")} looked at`;
}
