import type { PolicyFacts } from "./facts.ts";
import type { Conditions, MoneyRange, Range } from "./policy-document.ts";

export type Match = "yes" | "no" | "unknown";

const dayMs = 24 * 60 * 60 * 1000;

/** Whether all conditions hold: one that does not settles it, whatever is not known. */
export function matches(when: Conditions, facts: PolicyFacts): Match {
  const answers = [
    inMoneyRanges(when.amount, facts.amount, facts.currency),
    inList(when.currency, facts.currency),
    inDays(when.ageInDays, facts.ageMs),
    inList(when.product, facts.product),
    inList(when.reason, facts.reason),
    inList(when.requester, facts.requester),
    inList(when.dispute, facts.dispute),
    ofHistory(when.earlierRefunds, facts),
  ];
  if (answers.includes("no")) return "no";
  return answers.includes("unknown") ? "unknown" : "yes";
}

const said = (holds: boolean): Match => (holds ? "yes" : "no");

function inList<Item>(list: readonly Item[] | undefined, fact: Item | null): Match {
  if (list === undefined) return "yes";
  return fact === null ? "unknown" : said(list.includes(fact));
}

function inRange(range: Range | undefined, fact: number): Match {
  const { above = -Infinity, atMost = Infinity } = range ?? {};
  return said(fact > above && fact <= atMost);
}

function inDays(range: Range | undefined, ageMs: number): Match {
  return inRange(range, ageMs / dayMs);
}

/** An amount in a currency that is not named is in no range. */
function inMoneyRanges(ranges: readonly MoneyRange[] | undefined, amount: number, currency: string): Match {
  if (ranges === undefined) return "yes";
  const range = ranges.find((one) => one.currency === currency);
  return range === undefined ? "no" : inRange(range, amount);
}

function ofHistory(
  when: Conditions["earlierRefunds"],
  { earlierRefunds, currency }: Pick<PolicyFacts, "earlierRefunds" | "currency">,
): Match {
  if (when === undefined) return "yes";
  // That the currency is not named settles it without the customer.
  if (when.amount !== undefined && !when.amount.some((range) => range.currency === currency)) return "no";
  const history = earlierRefunds?.find(({ withinDays }) => withinDays === when.withinDays);
  if (history === undefined) return "unknown";
  const amount = inMoneyRanges(when.amount, history.amount, currency);
  return amount === "yes" ? inRange(when.count, history.count) : amount;
}
