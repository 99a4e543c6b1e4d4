import { currencyOf } from "./currencies.ts";

const daySeconds = 86_400;
/** Card money of most countries is available two days later, at midnight UTC. */
const settlementDays = 2;

/** 2.9 % and a fixed part, as for cards in the US (0.30 where the minimum charge is 0.50). */
export function processingFee(amount: number, currency: string): number {
  const { granularity, minimumCharge } = currencyOf(currency);
  const fee = amount * 0.029 + minimumCharge * 0.6;
  return Math.min(Math.round(fee / granularity) * granularity, amount);
}

/** What Stripe keeps for a chargeback: USD 15 in the US, scaled by the minimum charge elsewhere. */
export function disputeFee(currency: string): number {
  return currencyOf(currency).minimumCharge * 30;
}

/** When money taken at `created` can be used; both in unix seconds. */
export function availableOn(created: number, bypassPending: boolean): number {
  if (bypassPending) return created;
  return (Math.floor(created / daySeconds) + settlementDays) * daySeconds;
}
