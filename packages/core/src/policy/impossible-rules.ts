import { covers } from "./covers.ts";
import type { MoneyRange, Range, Rule } from "./policy-document.ts";

export interface Impossible {
  /** Within the rule. */
  readonly path: readonly string[];
  readonly sentence: string;
}

/** Why no request can ever match a rule, or why it allows too much; null for a rule of sense. */
export function whyImpossible(rule: Rule): Impossible | null {
  const { amount, currency, ageInDays, earlierRefunds, ...lists } = rule.when;
  return (
    first([
      ["amount", moneyRangesSentence(amount)],
      ["currency", listSentence(currency)],
      ["ageInDays", rangeSentence(ageInDays)],
      ["product", listSentence(lists.product)],
      ["reason", listSentence(lists.reason)],
      ["requester", listSentence(lists.requester)],
      ["dispute", listSentence(lists.dispute)],
      ["earlierRefunds.count", rangeSentence(earlierRefunds?.count)],
      ["earlierRefunds.amount", moneyRangesSentence(earlierRefunds?.amount)],
      ["earlierRefunds", historySentence(rule.when)],
    ]) ??
    currenciesApart(rule) ??
    allowsWithoutLimit(rule)
  );
}

/** Why a rule never decides: one before it takes everything that it matches. */
export function whyUnreachable(rule: Rule, before: readonly Rule[]): Impossible | null {
  const index = before.findIndex(({ when }) => covers(when, rule.when));
  if (index < 0) return null;
  return {
    path: [],
    sentence: `is never reached: rule ${index + 1} matches all that it matches. Move it up, or leave it out`,
  };
}

function first(sentences: readonly (readonly [string, string | null])[]): Impossible | null {
  for (const [path, sentence] of sentences)
    if (sentence !== null) return { path: ["when", ...path.split(".")], sentence };
  return null;
}

function rangeSentence(range: Range | undefined): string | null {
  if (range === undefined) return null;
  if (range.above === undefined && range.atMost === undefined) return "needs above, atMost or both";
  const isEmpty = range.above !== undefined && range.atMost !== undefined && range.above >= range.atMost;
  return isEmpty ? "is empty: above must be less than atMost" : null;
}

function moneyRangesSentence(ranges: readonly MoneyRange[] | undefined): string | null {
  if (ranges === undefined) return null;
  return listSentence(ranges.map(({ currency }) => currency)) ?? emptyRangeSentence(ranges);
}

function emptyRangeSentence(ranges: readonly MoneyRange[]): string | null {
  for (const range of ranges) {
    const sentence = rangeSentence(range);
    if (sentence !== null) return `${sentence} (${range.currency})`;
  }
  return null;
}

function listSentence(items: readonly string[] | undefined): string | null {
  if (items === undefined) return null;
  const twice = items.find((item, index) => items.indexOf(item) !== index);
  return twice === undefined ? null : `has ${twice} twice`;
}

function historySentence({ earlierRefunds }: Rule["when"]): string | null {
  if (earlierRefunds === undefined) return null;
  const { count, amount } = earlierRefunds;
  return count === undefined && amount === undefined ? "needs count, amount or both" : null;
}

/** Where conditions name currencies, a request must be able to be in one that all of them name. */
function currenciesApart({ when }: Rule): Impossible | null {
  const named: readonly (readonly [string, readonly string[] | undefined])[] = [
    ["currency", when.currency],
    ["amount", when.amount?.map(({ currency }) => currency)],
    ["earlierRefunds.amount", when.earlierRefunds?.amount?.map(({ currency }) => currency)],
  ];
  const lists = named.flatMap(([path, currencies]) => (currencies ? [{ path, currencies }] : []));
  const shared = lists.reduce<readonly string[] | null>(
    (left, { currencies }) => left?.filter((currency) => currencies.includes(currency)) ?? currencies,
    null,
  );
  if (shared === null || shared.length > 0) return null;
  return {
    path: ["when", ...(lists.at(-1)?.path ?? "currency").split(".")],
    sentence: `can never hold: ${lists.map(({ path, currencies }) => `${path} names ${currencies.join(", ")}`).join(", and ")}. Amounts are never compared across currencies`,
  };
}

/** What needs no person is bounded, always. */
function allowsWithoutLimit({ verdict, when }: Rule): Impossible | null {
  if (verdict !== "allow" || when.amount?.every(({ atMost }) => atMost !== undefined)) return null;
  return {
    path: ["when", "amount"],
    sentence: "must say up to which amount it allows, with atMost for each currency",
  };
}
