import fc from "fast-check";
import { expect, test } from "vitest";
import { lengthInWords, type RunSpan, runAxis } from "./run-spans.ts";

// The picture of a run never lies about order: what was earlier stands further left, whatever lay between.
const span = (from: number, to: number | null): RunSpan => ({
  key: `${from}`,
  label: "",
  tone: "good",
  isWait: false,
  from: new Date(from),
  to: to === null ? null : new Date(to),
  facts: [],
  ids: [],
});

test("moments keep their order, from 0 to 1, whether they are milliseconds or weeks apart", () => {
  const length = fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 3e9 }));
  const drawn = fc.array(fc.tuple(length, length, fc.boolean()), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(drawn, (stretches) => {
      const spans = stretches.map(([from, lasts, open]) => span(from, open ? null : from + lasts));
      const now = new Date(7e9);
      const place = runAxis(spans, now);
      const moments = spans
        .flatMap(({ from, to }) => [from, to ?? now])
        .sort((one, other) => one.getTime() - other.getTime());
      const places = moments.map(place);
      expect(places[0]).toBe(0);
      expect(places.at(-1)).toBe(moments[0]?.getTime() === moments.at(-1)?.getTime() ? 0 : 1);
      for (const [index, at] of moments.entries()) {
        const before = moments[index - 1];
        if (before === undefined) continue;
        const [here = 0, there = 0] = [places[index], places[index - 1]];
        if (before < at) expect(here).toBeGreaterThan(there);
        else expect(here).toBe(there);
      }
    }),
  );
});

test.each([
  [240, "240 ms"],
  [3_210, "3.2 s"],
  [4 * 60_000, "4 min"],
  [125 * 60_000, "2 h 5 min"],
  [76 * 3_600_000, "3 d 4 h"],
])("%d ms is %s", (ms, words) => {
  expect(lengthInWords(ms)).toBe(words);
});
