import fc from "fast-check";
import { expect, test } from "vitest";
import { median, percentile, slope } from "./statistics.ts";

// The figures in docs/performance.md are what they are called.
const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1 });

test("known percentiles, medians and slopes", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0, 0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([1, 50, 99, 100]);
  expect(percentile([7], 0.99)).toBe(7);
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  expect(slope([5, 7, 9].map((y, x) => ({ x, y })))).toBeCloseTo(2);
  expect([slope([]), slope([{ x: 1, y: 5 }]), slope([1, 1].map((x) => ({ x, y: Math.PI })))]).toEqual([
    0, 0, 0,
  ]);
});

test("a percentile is a measured value that enough others do not exceed, and no smaller one is", () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (measured, share) => {
      const value = percentile(measured, share);
      const reached = measured.filter((other) => other <= value).length;
      const below = measured.filter((other) => other < value).length;
      expect(measured).toContain(value);
      expect(reached).toBeGreaterThanOrEqual(share * measured.length);
      expect(below).toBeLessThan(share * measured.length);
    }),
    { seed: 6 },
  );
});

test("half of the values lie on either side of the median, whatever their order", () => {
  fc.assert(
    fc.property(values, (measured) => {
      const middle = median(measured);
      expect(measured.filter((value) => value < middle).length).toBeLessThanOrEqual(measured.length / 2);
      expect(measured.filter((value) => value > middle).length).toBeLessThanOrEqual(measured.length / 2);
      expect(median(measured.toReversed())).toBe(middle);
    }),
    { seed: 7 },
  );
});

test("nothing measured has no percentile and no median", () => {
  expect(() => percentile([], 0.5)).toThrow(RangeError);
  expect(() => median([])).toThrow(RangeError);
});
