import type { Dependencies } from "../dependencies.ts";
import { type PaidSum, readPaid } from "./paid-totals.ts";
import { type RefundedSum, readRefunded } from "./refunded.ts";
import { type FigureTime, type Span, spansOf } from "./spans.ts";
import { type BySpan, type Decisions, readDecisions, readSettlements, type Waits } from "./waits.ts";

/** Amounts of one currency: one for each span, oldest first, in the smallest unit. */
export interface Series {
  /** Of refunds. */
  readonly count: number;
  readonly refunded: readonly number[];
  /** What was paid meanwhile: a refund may be of a purchase of before. */
  readonly paid: readonly number[];
}

export interface AmountFigures extends Series {
  readonly currency: string;
  /** By the id of the app, the one with the most refunded first. */
  readonly apps: ReadonlyMap<string, Series>;
  /** By the code of the reason, "" where none was given, the most refunded first; `paid` is that of all. */
  readonly reasons: ReadonlyMap<string, Series>;
}

export interface Figures {
  readonly spans: readonly Span[];
  /** Those in which something was paid or refunded, the one with the most refunds first. */
  readonly currencies: readonly string[];
  /** Of the currency asked for, or the first; null: nothing was paid or refunded. */
  readonly amounts: AmountFigures | null;
  /** These know no currency. */
  readonly decisions: BySpan<Decisions>;
  readonly settlements: BySpan<Waits>;
}

/**
 * What was paid, refunded and decided in these apps. Amounts of several currencies are never added up.
 *
 * @param input.currency one that is not among `currencies` gives the first of them
 */
export async function readFigures(
  dependencies: Pick<Dependencies, "database" | "clock">,
  input: { appIds: readonly string[] | "all"; time: FigureTime; currency?: string | undefined },
): Promise<Figures> {
  const spans = spansOf(input.time, dependencies.clock.now());
  const query = { appIds: input.appIds, spans };
  const [paid, refunded, decisions, settlements] = await Promise.all([
    readPaid(dependencies, query),
    readRefunded(dependencies, query),
    readDecisions(dependencies, query),
    readSettlements(dependencies, query),
  ]);
  const currencies = currenciesOf(paid, refunded);
  const currency = currencies.find((one) => one === input.currency) ?? currencies[0];
  const amounts = currency === undefined ? null : amountsOf(currency, { spans, paid, refunded });
  return { spans, currencies, amounts, decisions, settlements };
}

function currenciesOf(paid: readonly PaidSum[], refunded: readonly RefundedSum[]): string[] {
  const refunds = countBy(refunded);
  const purchases = countBy(paid.filter(({ count }) => count > 0));
  const of = (counts: ReadonlyMap<string, number>, currency: string) => counts.get(currency) ?? 0;
  return [...new Set([...refunds.keys(), ...purchases.keys()])]
    .sort()
    .sort((a, b) => of(refunds, b) - of(refunds, a) || of(purchases, b) - of(purchases, a));
}

function countBy(sums: readonly { currency: string; count: number }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { currency, count } of sums) counts.set(currency, (counts.get(currency) ?? 0) + count);
  return counts;
}

interface Sums {
  readonly spans: readonly Span[];
  readonly paid: readonly PaidSum[];
  readonly refunded: readonly RefundedSum[];
}

function amountsOf(currency: string, all: Sums): AmountFigures {
  const paid = all.paid.filter((sum) => sum.currency === currency);
  const refunded = all.refunded.filter((sum) => sum.currency === currency);
  const series = (ofPaid: typeof paid, ofRefunded: typeof refunded): Series => ({
    count: ofRefunded.reduce((count, sum) => count + sum.count, 0),
    refunded: addUp(all.spans, ofRefunded),
    paid: addUp(all.spans, ofPaid),
  });
  const apps = new Set([...refunded, ...paid].map(({ appId }) => appId));
  const reasons = new Set(refunded.map(({ reason }) => reason ?? ""));
  const ofApp = (id: string) =>
    series(
      paid.filter(({ appId }) => appId === id),
      refunded.filter(({ appId }) => appId === id),
    );
  const ofReason = (code: string) =>
    series(
      paid,
      refunded.filter(({ reason }) => (reason ?? "") === code),
    );
  return {
    currency,
    ...series(paid, refunded),
    apps: mostFirst([...apps].map((id) => [id, ofApp(id)])),
    reasons: mostFirst([...reasons].map((code) => [code, ofReason(code)])),
  };
}

function addUp(spans: readonly Span[], sums: readonly { span: number; amount: number }[]): number[] {
  const amounts = spans.map(() => 0);
  for (const { span, amount } of sums) amounts[span] = (amounts[span] ?? 0) + amount;
  return amounts;
}

export const totalOf = (amounts: readonly number[]): number => amounts.reduce((sum, one) => sum + one, 0);

function mostFirst(series: [string, Series][]): Map<string, Series> {
  const total = ([, { refunded }]: [string, Series]) => totalOf(refunded);
  return new Map(series.sort(([a], [b]) => (a < b ? -1 : 1)).sort((a, b) => total(b) - total(a)));
}
