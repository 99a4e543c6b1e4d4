import { expect, test } from "vitest";
import { asksForHelp, readArguments, readWholeNumber } from "./read-arguments.ts";
import { UsageError } from "./usage-error.ts";

// Guarantee: what cannot be read is refused in one sentence of ours that names it, followed by what to type.
const options = { path: { type: "string" }, explain: { type: "boolean" } } as const;
const next = "Use: it well.";
const read = (...words: string[]) => readArguments(words, options, next);

test.each([
  [["--bogus"], "There is no option --bogus."],
  [["--bogus=3"], "There is no option --bogus."],
  [["--__proto__"], "There is no option --__proto__."],
  [["-x"], "There is no option -x."],
  [["-1"], "There is no option -1."],
  [["--path"], "--path needs a value."],
  [["--path="], "--path needs a value."],
  [["--path", "--explain"], "--path needs a value."],
  [["--explain=yes"], "--explain takes no value."],
  [["execute"], '"execute" belongs to no option.'],
  [["--", "--path"], '"--path" belongs to no option.'],
])("%j is refused: %s", (words, sentence) => {
  expect(() => read(...words)).toThrow(new UsageError(`${sentence} ${next}`));
});

test("what can be read is: beside it, after an equals sign, and with a minus sign in front", () => {
  expect(read("--path", "a b", "--explain")).toEqual({ path: "a b", explain: true });
  expect(read("--path=--odd")).toEqual({ path: "--odd" });
  expect(read("--path", "-1")).toEqual({ path: "-1" });
  expect(read()).toEqual({});
});

test.each(["-1", "0", "1e3", "1.5", " 2", "0x10", "1000000000", "many"])(
  "%j is no whole number from 1",
  (text) => {
    expect(() => readWholeNumber("--seeds", text, 1, next)).toThrow(
      new UsageError(`--seeds takes a whole number from 1 to 999999999, not "${text}". ${next}`),
    );
  },
);

test("a whole number is read, and so is its absence", () => {
  expect(readWholeNumber("--seeds", "999999999", 1, next)).toBe(999_999_999);
  expect(readWholeNumber("--seed", "0", 0, next)).toBe(0);
  expect(readWholeNumber("--seed", undefined, 0, next)).toBeUndefined();
});

test("help is asked for by either word, anywhere", () => {
  expect(asksForHelp(["--seeds", "-1", "--help"])).toBe(true);
  expect(asksForHelp(["-h"])).toBe(true);
  expect(asksForHelp(["--path", "help"])).toBe(false);
});
