import type { Conditions, MoneyRange, Range } from "./policy-document.ts";

/** Whether every request that `inner` matches is one that `outer` matches, as far as their conditions tell. */
export function covers(outer: Conditions, inner: Conditions): boolean {
  return (
    coversMoney(outer.amount, inner.amount) &&
    coversCurrency(outer.currency, inner) &&
    coversRange(outer.ageInDays, inner.ageInDays) &&
    coversList(outer.product, inner.product) &&
    coversList(outer.reason, inner.reason) &&
    coversList(outer.requester, inner.requester) &&
    coversList(outer.dispute, inner.dispute) &&
    coversHistory(outer.earlierRefunds, inner.earlierRefunds)
  );
}

function coversList<Item>(outer: readonly Item[] | undefined, inner: readonly Item[] | undefined): boolean {
  if (outer === undefined) return true;
  return inner?.every((item) => outer.includes(item)) ?? false;
}

/** A range of amounts names currencies as well. */
function coversCurrency(outer: readonly string[] | undefined, inner: Conditions): boolean {
  return (
    coversList(outer, inner.currency) ||
    coversList(
      outer,
      inner.amount?.map(({ currency }) => currency),
    )
  );
}

function coversRange(outer: Range | undefined, inner: Range | undefined): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  const isFromBelow = outer.above === undefined || (inner.above ?? -1) >= outer.above;
  return isFromBelow && (inner.atMost ?? Infinity) <= (outer.atMost ?? Infinity);
}

function coversMoney(
  outer: readonly MoneyRange[] | undefined,
  inner: readonly MoneyRange[] | undefined,
): boolean {
  if (outer === undefined) return true;
  return (
    inner?.every((range) =>
      outer.some(({ currency, ...bounds }) => currency === range.currency && coversRange(bounds, range)),
    ) ?? false
  );
}

function coversHistory(outer: Conditions["earlierRefunds"], inner: Conditions["earlierRefunds"]): boolean {
  if (outer === undefined) return true;
  return (
    inner !== undefined &&
    inner.withinDays === outer.withinDays &&
    coversRange(outer.count, inner.count) &&
    coversMoney(outer.amount, inner.amount)
  );
}
