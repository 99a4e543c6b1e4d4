import { expect, test } from "vitest";
import { durationInWords, roundAbove, roundDurationAbove, shareInWords, shareOf } from "./scale.ts";

// Guarantee: no value stands above its axis, and what is written beside a chart is never more than was measured.
test("the top of an axis is round, and never below the largest value", () => {
  for (const most of [0.004, 0.5, 1, 7, 10, 11, 4_999, 5_000, 5_001, 123_456_789_012]) {
    expect(roundAbove(most)).toBeGreaterThanOrEqual(most);
    expect(roundAbove(most)).toBeLessThanOrEqual(most * 2.5 + 1e-9);
    expect(roundDurationAbove(most)).toBeGreaterThanOrEqual(most);
  }
  expect([0, 3, 20, 5_001].map(roundAbove)).toEqual([1, 5, 20, 10_000]);
  expect([0.2, 61, 7_201, 86_401, 4_000_000].map(roundDurationAbove)).toEqual([
    ...[1, 120, 10_800, 172_800, 50 * 86_400],
  ]);
});

test("durations are told in the two largest units that matter", () => {
  const seconds = [0.4, 59.9, 60, 3_599, 3_600, 7_500, 172_799, 172_800, 273_600];
  expect(seconds.map(durationInWords)).toEqual([
    ...["under 1 s", "59 s", "1 min", "59 min", "1 h", "2 h 5 min", "47 h 59 min", "2 d", "3 d 4 h"],
  ]);
});

test("a share of nothing is no number", () => {
  expect([shareOf(5, 0), shareOf(0, 5), shareOf(1, 3)].map(shareInWords)).toEqual(["—", "0%", "33.3%"]);
});
