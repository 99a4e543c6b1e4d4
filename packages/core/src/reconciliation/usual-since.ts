/** Stripe keeps events this long. */
const keptDays = 30;

/** Since when a comparison lists unless told: midnight UTC, so that all of one day are the same question. */
export function usualSince(now: Date): Date {
  return new Date(new Date(now.getTime() - keptDays * 24 * 60 * 60 * 1000).toISOString().slice(0, 10));
}
