import { expect, test } from "vitest";
import { narrow, parseChosenApps, writeChosenApps } from "./chosen-apps.ts";

// What a browser chose to look at never widens what its reader may see, whatever stands in its cookie.
test("only apps of the reader are shown, and all of them where none of the chosen is theirs", () => {
  expect(narrow(["app_a", "app_b"], ["app_b", "app_c"])).toEqual(["app_b"]);
  expect(narrow(["app_a"], ["app_c"])).toEqual(["app_a"]);
  expect(narrow([], ["app_c"])).toEqual([]);
  expect(narrow("all", ["app_c"])).toEqual(["app_c"]);
  expect(narrow("all", [])).toBe("all");
});

test.each([undefined, "", "all", "app_.', or 1=1", "..", `app_${"x".repeat(41)}`])(
  "%j chooses nothing",
  (cookie) => {
    expect(parseChosenApps(cookie)).toEqual([]);
  },
);

test("is read as it was written", () => {
  expect(parseChosenApps(writeChosenApps(["app_a1", "app_b2"]))).toEqual(["app_a1", "app_b2"]);
});
