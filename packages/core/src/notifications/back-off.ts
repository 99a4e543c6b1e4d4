import type { Random } from "../dependencies.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
/** Between one attempt and the next: quick at first, then for three days in all. */
const delays = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  12 * hour,
  12 * hour,
  12 * hour,
  12 * hour,
  12 * hour,
];
/** An app may ask for patience, but not for more than this. */
const longestRetryAfterMs = 24 * hour;

/**
 * How long to wait after a failed attempt, or null when it was the last one.
 *
 * @param attempt number of the attempt that failed, from 1
 * @param retryAfterMs what the app asked for (`Retry-After`); null when it did not
 */
export function delayAfter(random: Random, attempt: number, retryAfterMs: number | null): number | null {
  const delay = delays[attempt - 1];
  if (delay === undefined) return null;
  // From 80 to 120 per cent, so that apps that failed together do not come back together.
  const jitter = 0.8 + 0.4 * ((random.bytes(1)[0] ?? 128) / 255);
  return Math.max(Math.round(delay * jitter), Math.min(retryAfterMs ?? 0, longestRetryAfterMs));
}

/** Reads `Retry-After`: seconds, or a date (RFC 9110, 10.2.3). */
export function parseRetryAfter(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  const milliseconds = /^\d+$/.test(value.trim())
    ? Number(value) * second
    : new Date(value).getTime() - now.getTime();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : null;
}
