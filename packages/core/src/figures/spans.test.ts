import { expect, test } from "vitest";
import { figureTimes, spansOf } from "./spans.ts";

// Guarantee: the spans of a time lie in a row without gaps, hold today, and no day twice.
const shown = (time: (typeof figureTimes)[number], now: string) =>
  spansOf(time, new Date(now)).map(({ from }) => from.toISOString().slice(0, 10));

test("days are UTC's, the last one is today", () => {
  expect(shown("7d", "2026-03-01T00:00:00Z")).toEqual(
    ["02-23", "02-24", "02-25", "02-26", "02-27", "02-28", "03-01"].map((day) => `2026-${day}`),
  );
  expect(shown("30d", "2026-11-30T23:59:59.999Z").at(0)).toBe("2026-11-01");
});

test("ninety days are weeks counted back from today, the first of six days", () => {
  const weeks = spansOf("90d", new Date("2026-11-30T12:00:00Z"));
  const days = weeks.map(({ from, until }) => (until.getTime() - from.getTime()) / 86_400_000);
  expect(days).toEqual([6, ...Array(12).fill(7)]);
});

test("twelve months are the calendar's, also on the last day of a long one", () => {
  const months = shown("12m", "2026-03-31T12:00:00Z");
  expect(months).toHaveLength(12);
  expect([months[0], months.at(-2), months.at(-1)]).toEqual(["2025-04-01", "2026-02-01", "2026-03-01"]);
});

test.each(figureTimes)("%s: each span begins where the one before ends, and the last holds now", (time) => {
  for (const day of ["2024-02-29", "2026-01-01", "2026-10-31", "2026-12-31"]) {
    const now = new Date(`${day}T23:30:00Z`);
    const spans = spansOf(time, now);
    for (const [index, { from }] of spans.entries()) {
      if (index > 0) expect(from).toEqual(spans[index - 1]?.until);
    }
    const last = spans.at(-1);
    expect(last !== undefined && last.from <= now && now < last.until).toBe(true);
  }
});
