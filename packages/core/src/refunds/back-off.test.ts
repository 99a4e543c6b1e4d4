import { expect, test } from "vitest";
import { nextAttempt, nextPoll } from "./back-off.ts";

// Stripe is neither hurried nor forgotten: the times at which a refund is tried and asked about again.
const now = new Date("2026-01-01T00:00:00Z");
const second = 1_000;
const hour = 60 * 60 * second;

/** The wait, in milliseconds, where chance says `byte` of 0 to 255. */
function wait(byte: number, options: { attemptCount: number; atLeastMs?: number | null }): number {
  const random = { bytes: (length: number) => Buffer.alloc(length, byte) };
  return nextAttempt(random, { now, ...options }).getTime() - now.getTime();
}

test.each([
  [1, 2 * second],
  [2, 4 * second],
  [5, 32 * second],
  [11, 2_048 * second],
  [12, hour],
  [1_000, hour],
])("try %i waits at most %i ms, and half of that at least", (attemptCount, longest) => {
  expect(wait(255, { attemptCount })).toBe(longest);
  expect(wait(0, { attemptCount })).toBe(longest / 2);
  expect(wait(51, { attemptCount })).toBeCloseTo(longest * 0.6, 5);
});

test("never sooner than Stripe asked for, and not later for it either", () => {
  expect(wait(255, { attemptCount: 1, atLeastMs: 30 * second })).toBe(30 * second);
  expect(wait(255, { attemptCount: 1, atLeastMs: 1 })).toBe(2 * second);
  expect(wait(255, { attemptCount: 1, atLeastMs: null })).toBe(2 * second);
});

test("a wish for more than an hour is cut to one: the header may not be Stripe's", () => {
  for (const atLeastMs of [hour + 1, 9_999_999 * second, 999_999_999_999_999 * second]) {
    expect(wait(255, { attemptCount: 1, atLeastMs })).toBe(hour);
  }
});

test.each([
  [0, hour / 6],
  [hour / 3, hour / 6],
  [2 * hour, hour],
  [24 * hour, 12 * hour],
  [90 * 24 * hour, 12 * hour],
])("a refund that is pending for %i ms is asked about again after %i ms", (age, delay) => {
  const since = new Date(now.getTime() - age);
  expect(nextPoll({ now, since }).getTime() - now.getTime()).toBe(delay);
});
