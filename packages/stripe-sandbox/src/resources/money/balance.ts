/** One account's money in one currency, in minor units. `id` is the currency's code. */
export interface CurrencyBalance {
  readonly id: string;
  readonly created: number;
  readonly available: number;
  /** Not yet available: unix seconds at which it will be → sum of what arrives then. */
  readonly maturing: Readonly<Record<string, number>>;
  /**
   * By default Stripe covers a shortfall by debiting the merchant's bank account, so refunds succeed and the
   * balance goes below zero. Once the balance was set through the admin API nothing covers it any more.
   */
  readonly coveredByBank: boolean;
}

/** The same money as it stands at `now` (unix seconds): what has matured is available. */
export function matured(balance: CurrencyBalance, now: number): CurrencyBalance {
  const entries = Object.entries(balance.maturing);
  const later = entries.filter(([at]) => Number(at) > now);
  if (later.length === entries.length) return balance;
  const arrived = entries.filter(([at]) => Number(at) <= now).reduce((sum, [, amount]) => sum + amount, 0);
  return { ...balance, available: balance.available + arrived, maturing: Object.fromEntries(later) };
}

/** The balance after a movement of `net` minor units that becomes available at `availableOn` (unix seconds). */
export function moved(
  balance: CurrencyBalance,
  net: number,
  availableOn: number,
  now: number,
): CurrencyBalance {
  const current = matured(balance, now);
  if (availableOn <= now) return { ...current, available: current.available + net };
  const maturing = { ...current.maturing, [availableOn]: (current.maturing[availableOn] ?? 0) + net };
  return { ...current, maturing };
}

/** Whether a refund of that amount can be paid now. */
export function covers(balance: CurrencyBalance, amount: number): boolean {
  return balance.coveredByBank || balance.available >= amount;
}

/** What is on its way but not available yet. */
export function pendingAmount(balance: CurrencyBalance): number {
  return Object.values(balance.maturing).reduce((sum, amount) => sum + amount, 0);
}

/** The next moment at which money becomes available, in unix seconds. */
export function nextMaturity(balance: CurrencyBalance): number | undefined {
  const times = Object.keys(balance.maturing).map(Number);
  return times.length === 0 ? undefined : Math.min(...times);
}
