import { type AmountFigures, type Series, totalOf } from "@redress/core/figures/figures";
import { formatMoney, formatMoneyRoughly } from "@redress/core/money";
import { Bars } from "../charts/bars.tsx";
import { ChartTable } from "../charts/chart-table.tsx";
import { Frame } from "../charts/frame.tsx";
import { Lines } from "../charts/lines.tsx";
import { roundAbove, shareInWords, shareOf } from "../charts/scale.ts";
import { SmallMultiples, smallPlot } from "../charts/small-multiples.tsx";
import { FigureCard } from "./figure-card.tsx";
import { type Part, summaryOf } from "./parts.ts";

/** Amounts of one currency, and how they divide. */
export interface AmountView {
  readonly amounts: AmountFigures;
  /** Of the spans: short ones for the axis, whole ones for tables and words. */
  readonly marks: readonly string[];
  readonly labels: readonly string[];
  /** None where only one app is shown. */
  readonly apps: readonly Part[];
  readonly reasons: readonly Part[];
}

/** What was refunded over time, by app and by reason. */
export function RefundedCard({ amounts, marks, labels, apps, reasons }: AmountView) {
  const { currency, refunded, paid, count } = amounts;
  const money = (amount: number) => formatMoney({ amount, currency });
  const roughly = (amount: number) => formatMoneyRoughly({ amount, currency });
  const top = roundAbove(Math.max(...refunded));
  const summarize = (name: string, values: readonly number[]) =>
    summaryOf(name, values, { labels, say: money });
  const multiples = (parts: readonly Part[]) => {
    const most = roundAbove(Math.max(0, ...parts.flatMap(({ series }) => series.refunded)));
    return {
      scale: roughly(most),
      parts: parts.map(({ key, name, series }) => ({
        ...{ key, name, value: money(totalOf(series.refunded)) },
        chart: (
          <Bars
            values={series.refunded}
            top={most}
            summary={summarize(name, series.refunded)}
            className={smallPlot}
          />
        ),
      })),
    };
  };
  return (
    <FigureCard
      name="refunded"
      title="Refunded"
      value={money(totalOf(refunded))}
      detail={`${count === 1 ? "1 refund" : `${count} refunds`}; ${money(totalOf(paid))} were paid meanwhile`}
    >
      <Frame top={roughly(top)} labels={marks}>
        <Bars values={refunded} top={top} summary={summarize("Refunded", refunded)} />
      </Frame>
      <SmallMultiples title="By app" {...multiples(apps)} />
      <SmallMultiples title="By reason" {...multiples(reasons)} />
      <ChartTable
        caption={`Refunded and paid, ${currency.toUpperCase()}`}
        head={["Time", "Refunded", "Paid", ...namesOf(apps), ...namesOf(reasons)]}
        rows={labels.map((label, span) => [
          label,
          ...[amounts, { refunded: paid }, ...seriesOf(apps), ...seriesOf(reasons)].map((series) =>
            money(series.refunded[span] ?? 0),
          ),
        ])}
      />
    </FigureCard>
  );
}

/** How much of what was paid was refunded meanwhile. */
export function RateCard({ amounts, marks, labels, apps, reasons }: AmountView) {
  const rates = ratesOf(amounts);
  const top = topOf([rates]);
  const summarize = (name: string, values: readonly (number | null)[]) =>
    summaryOf(name, values, { labels, say: shareInWords });
  const multiples = (parts: readonly Part[]) => {
    const most = topOf(parts.map(({ series }) => ratesOf(series)));
    return {
      scale: shareInWords(most),
      parts: parts.map(({ key, name, series }) => ({
        ...{ key, name, value: shareInWords(rateOf(series)) },
        chart: (
          <Lines
            lines={[{ look: "solid", values: ratesOf(series) }]}
            top={most}
            summary={summarize(name, ratesOf(series))}
            className={smallPlot}
          />
        ),
      })),
    };
  };
  return (
    <FigureCard
      name="rate"
      title="Refund rate"
      value={shareInWords(rateOf(amounts))}
      detail="Refunded by paid of the same time; a refund may be of an earlier purchase"
    >
      <Frame top={shareInWords(top)} labels={marks}>
        <Lines
          lines={[{ look: "solid", values: rates }]}
          top={top}
          summary={summarize("Refund rate", rates)}
        />
      </Frame>
      <SmallMultiples title="By app" {...multiples(apps)} />
      <SmallMultiples title="By reason, of all that was paid" {...multiples(reasons)} />
      <ChartTable
        caption="Refund rate"
        head={["Time", "All", ...namesOf(apps), ...namesOf(reasons)]}
        rows={labels.map((label, span) => [
          label,
          ...[amounts, ...seriesOf(apps), ...seriesOf(reasons)].map((series) =>
            shareInWords(shareOf(series.refunded[span] ?? 0, series.paid[span] ?? 0)),
          ),
        ])}
      />
    </FigureCard>
  );
}

const namesOf = (parts: readonly Part[]) => parts.map(({ name }) => name);
const seriesOf = (parts: readonly Part[]) => parts.map(({ series }) => series);
const rateOf = ({ refunded, paid }: Series) => shareOf(totalOf(refunded), totalOf(paid));
const ratesOf = ({ refunded, paid }: Series) =>
  refunded.map((amount, span) => shareOf(amount, paid[span] ?? 0));
const topOf = (rates: readonly (readonly (number | null)[])[]) =>
  roundAbove(Math.max(0, ...rates.flat().map((rate) => rate ?? 0)));
