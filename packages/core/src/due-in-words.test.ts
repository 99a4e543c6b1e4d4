import { expect, test } from "vitest";
import { dueInWords } from "./due-in-words.ts";

// Who waits for an answer of Stripe's is told when the next question is due, never too early.
const now = new Date("2026-11-25T12:00:00Z");
test.each([
  [-5_000, "now"],
  [0, "now"],
  [1, "in 1 second"],
  [59_000, "in 59 seconds"],
  [59_001, "in 1 minute"],
  [61_000, "in 2 minutes"],
  [3_540_001, "in 1 hour"],
  [3_700_000, "in 2 hours"],
])("%i ms from now is %s", (milliseconds, words) => {
  expect(dueInWords(new Date(now.getTime() + milliseconds), now)).toBe(words);
});
