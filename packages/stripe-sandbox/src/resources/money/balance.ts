/** One account's money in one currency, in minor units. */
export interface CurrencyBalance {
  available: number;
  /** Not yet available: unix seconds at which it will be → sum of what arrives then. */
  maturing: Record<string, number>;
  /**
   * By default Stripe covers a shortfall by debiting the merchant's bank account, so refunds succeed and the
   * balance goes below zero. Once the balance was set through the admin API nothing covers it any more.
   */
  coveredByBank: boolean;
}

export function emptyBalance(): CurrencyBalance {
  return { available: 0, maturing: {}, coveredByBank: true };
}

/** Moves everything whose time has come into `available`. `now` in unix seconds. */
export function mature(balance: CurrencyBalance, now: number): void {
  for (const [at, amount] of Object.entries(balance.maturing)) {
    if (Number(at) > now) continue;
    balance.available += amount;
    delete balance.maturing[at];
  }
}

/** Books `net` minor units that become available at `availableOn` (unix seconds). */
export function credit(balance: CurrencyBalance, net: number, availableOn: number, now: number): void {
  mature(balance, now);
  if (availableOn <= now) balance.available += net;
  else balance.maturing[availableOn] = (balance.maturing[availableOn] ?? 0) + net;
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
