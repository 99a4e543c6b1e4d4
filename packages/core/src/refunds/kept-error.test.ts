import { expect, test } from "vitest";
import { isErrorKept } from "./kept-error.ts";

// Design, "Executing": a person may end the wait only after a replayed 500 and, after it, an empty look-up.
const create = { kind: "create", outcome: "unknown", httpStatus: 500, errorCode: null } as const;
const fresh = { ...create, replayed: false };
const replayed = { ...create, replayed: true };
const empty = {
  kind: "look_up",
  outcome: null,
  httpStatus: 200,
  errorCode: "nothing_found",
  replayed: false,
} as const;

test.each([
  ["nothing was sent", [], false],
  ["the first 500 may have had an effect", [fresh], false],
  ["a look-up after a 500 that Stripe has not repeated", [fresh, empty], false],
  ["a repeated 500 that nobody looked after", [fresh, replayed], false],
  ["a look-up before the repetition", [fresh, empty, replayed], false],
  ["a repeated timeout is none", [fresh, { ...replayed, httpStatus: null }, empty], false],
  [
    "a repeated refusal is known",
    [fresh, { ...replayed, outcome: "refused" as const, httpStatus: 400 }, empty],
    false,
  ],
  ["the last look-up failed", [fresh, replayed, empty, { ...empty, errorCode: "connection" }], false],
  ["a repeated 500, then an empty look-up", [fresh, replayed, empty], true],
  ["and another one", [fresh, replayed, empty, empty], true],
  ["a new call under the key after its life", [fresh, replayed, empty, fresh], false],
])("%s", (_name, attempts, kept) => {
  expect(isErrorKept(attempts)).toBe(kept);
});
