import type { Random } from "../dependencies.ts";

const firstDelayMs = 2_000;
const longestDelayMs = 60 * 60 * 1000;

/**
 * When to try again: doubling from 2 seconds to 1 hour, the later half of it by chance, so that refunds
 * that failed together do not come back together.
 *
 * @param options.attemptCount tries so far, 1 or more
 * @param options.atLeastMs what Stripe asked for; of more than an hour, an hour is kept to: whoever is on the
 *   way to Stripe can write this header too, and a refund must not sleep for a year
 */
export function nextAttempt(
  random: Random,
  options: { now: Date; attemptCount: number; atLeastMs?: number | null },
): Date {
  const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(30, options.attemptCount - 1));
  const [byte = 0] = random.bytes(1);
  const jittered = delay / 2 + (delay / 2) * (byte / 255);
  return new Date(
    options.now.getTime() + Math.max(jittered, Math.min(longestDelayMs, options.atLeastMs ?? 0)),
  );
}

/** When to ask again about a refund that is pending at Stripe: often at first, twice a day later on. */
export function nextPoll(options: { now: Date; since: Date }): Date {
  const age = options.now.getTime() - options.since.getTime();
  const delay = Math.min(12 * 60 * 60 * 1000, Math.max(10 * 60 * 1000, age / 2));
  return new Date(options.now.getTime() + delay);
}
