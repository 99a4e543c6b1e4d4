import type { RefundDetail } from "@redress/core/refunds/refund-view";
import { ChevronRight } from "lucide-react";
import { CopyText } from "../copy-text.tsx";
import { ExactTime } from "../when.tsx";
import { lengthInWords, type RunSpan, runAxis, runSpans } from "./run-spans.ts";
import type { Tone } from "./status.ts";

const full: Readonly<Record<Tone, string>> = {
  good: "bg-good",
  waiting: "bg-waiting",
  bad: "bg-bad",
  moving: "bg-moving",
  quiet: "bg-quiet",
};
const hatching: Readonly<Record<Tone, string>> = {
  good: "text-good",
  waiting: "text-waiting",
  bad: "text-bad",
  moving: "text-moving",
  quiet: "text-quiet",
};

/** A refund's run, stretch under stretch; each opens into its times, answers and ids. */
export function RunView({ refund, now }: { refund: RefundDetail; now: Date }) {
  const spans = runSpans(refund);
  const place = runAxis(spans, now);
  return (
    <ol className="divide-y divide-line">
      {spans.map((span) => (
        <li key={span.key}>
          <details className="group">
            <summary className="grid list-none grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-2 px-4 py-2 text-sm hover:bg-sunken/60 sm:grid-cols-[1rem_minmax(0,15rem)_minmax(0,1fr)_5rem] [&::-webkit-details-marker]:hidden">
              <ChevronRight
                aria-hidden
                className="size-3.5 text-ink-faint transition-transform group-open:rotate-90"
              />
              <span className="truncate">{span.label}</span>
              <Bar span={span} from={place(span.from)} to={place(span.to)} />
              <span className="numeric text-right text-xs text-ink-faint">{lengthOf(span, now)}</span>
            </summary>
            <SpanFacts span={span} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function lengthOf({ from, to, isWait }: RunSpan, now: Date): string {
  const ms = (to ?? now).getTime() - from.getTime();
  if (ms === 0 && !isWait) return "at once";
  return `${lengthInWords(Math.max(0, ms))}${to === null ? " so far" : ""}`;
}

/** Hatched where it waits; never thinner than can be seen. */
function Bar({ span: { tone, isWait }, from, to }: { span: RunSpan; from: number; to: number }) {
  const look = isWait ? `hatched border border-current ${hatching[tone]}` : full[tone];
  return (
    <span aria-hidden className="relative hidden h-2.5 rounded-sm bg-sunken sm:block">
      <span
        className={`absolute inset-y-0 min-w-1 rounded-sm ${look}`}
        style={{
          left: `min(${(from * 100).toFixed(2)}%, calc(100% - 4px))`,
          width: `${((to - from) * 100).toFixed(2)}%`,
        }}
      />
    </span>
  );
}

function SpanFacts({ span: { from, to, facts, ids } }: { span: RunSpan }) {
  return (
    <div className="grid gap-1 border-t border-line bg-canvas px-4 py-2.5 pl-10 text-xs text-ink-soft">
      <p className="numeric">
        <ExactTime at={from} />
        {to && to > from && (
          <>
            {" – "}
            <ExactTime at={to} />
          </>
        )}
      </p>
      {facts.map((fact) => (
        <p key={fact} className="[overflow-wrap:anywhere]">
          {fact}
        </p>
      ))}
      {ids.map(([name, id]) => (
        <p key={name} className="flex flex-wrap items-center gap-x-2">
          {name} <CopyText text={id} label={name} />
        </p>
      ))}
    </div>
  );
}
