import type { BySpan, Decisions, Waits } from "@redress/core/figures/waits";
import { Bars } from "../charts/bars.tsx";
import { ChartTable } from "../charts/chart-table.tsx";
import { Frame } from "../charts/frame.tsx";
import { LineSample, Lines } from "../charts/lines.tsx";
import { durationInWords, roundDurationAbove, shareInWords, shareOf } from "../charts/scale.ts";
import { FigureCard } from "./figure-card.tsx";
import { summaryOf } from "./parts.ts";

interface Names {
  /** Of the spans: short ones for the axis, whole ones for tables and words. */
  readonly marks: readonly string[];
  readonly labels: readonly string[];
}

const inWords = (seconds: number | null) => (seconds === null ? "—" : durationInWords(seconds));

/** How long something takes: what half of it takes at most, and nine of ten. */
export function WaitCard({
  name,
  title,
  what,
  waits,
  marks,
  labels,
}: { name: string; title: string; what: string; waits: BySpan<Waits> } & Names) {
  const { spans, whole } = waits;
  const lines = [
    { look: "solid", values: spans.map(({ p50 }) => p50) },
    { look: "dashed", values: spans.map(({ p90 }) => p90) },
  ] as const;
  const top = roundDurationAbove(
    Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))),
  );
  const [half, most] = [
    summaryOf("Half in", lines[0].values, { labels, say: durationInWords }),
    summaryOf("Nine of ten in", lines[1].values, { labels, say: durationInWords }),
  ];
  return (
    <FigureCard name={name} title={title} value={inWords(whole.p50)} detail={`${what}: ${whole.count}`}>
      <p className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-soft">
        <span>
          <LineSample look="solid" /> half in <b className="font-medium text-ink">{inWords(whole.p50)}</b>
        </span>
        <span>
          <LineSample look="dashed" /> nine of ten in{" "}
          <b className="font-medium text-ink">{inWords(whole.p90)}</b>
        </span>
      </p>
      <Frame top={durationInWords(top)} labels={marks}>
        <Lines lines={lines} top={top} summary={`${title}. ${half} ${most}`} />
      </Frame>
      <ChartTable
        caption={title}
        head={["Time", "Number", "Half in", "Nine of ten in"]}
        rows={spans.map((span, index) => [
          labels[index] ?? "",
          String(span.count),
          inWords(span.p50),
          inWords(span.p90),
        ])}
      />
    </FigureCard>
  );
}

/** How much policy decides without a person. */
export function PolicyCard({ decisions, marks, labels }: { decisions: BySpan<Decisions> } & Names) {
  const { spans, whole } = decisions;
  const share = ({ byPolicy, byPeople }: Decisions) => shareOf(byPolicy, byPolicy + byPeople);
  const shares = spans.map(share);
  const summary = summaryOf("Decided by policy", shares, { labels, say: shareInWords });
  return (
    <FigureCard
      name="policy"
      title="Decided by policy"
      value={shareInWords(share(whole))}
      detail={`${whole.byPolicy} by policy, ${whole.byPeople} by people`}
    >
      <Frame top="100%" labels={marks}>
        <Bars values={shares.map((one) => one ?? 0)} top={1} summary={summary} />
      </Frame>
      <ChartTable
        caption="Decided by policy"
        head={["Time", "By policy", "By people", "Share of policy"]}
        rows={spans.map((span, index) => [
          labels[index] ?? "",
          String(span.byPolicy),
          String(span.byPeople),
          shareInWords(share(span)),
        ])}
      />
    </FigureCard>
  );
}
