import { expect, test } from "vitest";
import { describeMoment } from "../components/describe-moment.ts";
import { parseZone } from "./reader-zone.ts";

// A page is shown whatever a browser says of its zone, and a day is the reader's day.
test.each([
  ["Europe/Berlin", "Europe/Berlin"],
  ["Europe%2FBerlin", "Europe/Berlin"],
  [undefined, "UTC"],
  ["", "UTC"],
  ["Mars/Base", "UTC"],
  ["%", "UTC"],
  ["x".repeat(10_000), "UTC"],
])("%j is %s", (cookie, zone) => {
  expect(parseZone(cookie)).toBe(zone);
});

test("what happened before midnight in UTC happened the next day in Berlin", () => {
  const at = new Date("2026-11-05T23:30:00Z");
  const now = new Date("2026-11-20T12:00:00Z");
  expect(describeMoment(at, now)).toBe("5 Nov");
  expect(describeMoment(at, now, "Europe/Berlin")).toBe("6 Nov");
});
