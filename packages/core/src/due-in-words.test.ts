import { expect, test } from "vitest";
import { dueInWords, leftInWords } from "./due-in-words.ts";

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

// Whoever has to answer a dispute is never told of more time than there is.
test.each([
  [0, "the time is over"],
  [1, "less than an hour left"],
  [3_600_000, "1 hour left"],
  [48 * 3_600_000 - 1, "47 hours left"],
  [9 * 86_400_000 - 1, "8 days left"],
])("%i ms before a deadline: %s", (milliseconds, words) => {
  expect(leftInWords(new Date(now.getTime() + milliseconds), now)).toBe(words);
});
