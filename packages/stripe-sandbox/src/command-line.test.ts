import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCommandLine, UsageError } from "./command-line.ts";

/** Guarantee: what cannot be read starts nothing, exits 2 and is told in one sentence with what to do next. */
test.each([
  [["--port", "abc"], '--port takes a whole number from 0 to 65535, not "abc".'],
  [["--port", "65536"], '--port takes a whole number from 0 to 65535, not "65536".'],
  [["--port", "-1"], '--port takes a whole number from 0 to 65535, not "-1".'],
  [["--seed", "1e3"], '--seed takes a whole number from 0 to 999999999999999, not "1e3".'],
  [["--rate-limit", "x"], '--rate-limit takes a whole number from 0 to 999999999, not "x".'],
  [["--data"], "--data needs a value."],
  [["--data", "--seed", "1"], "--data needs a value."],
  [["--help=yes"], "--help takes no value."],
  [["--prot", "1"], "There is no option --prot."],
  [["4010"], '"4010" belongs to no option.'],
])("%j is refused: %s", (argv, sentence) => {
  expect(() => readCommandLine(argv)).toThrow(new UsageError(sentence));
});

test("what can be read is, and the rest has its default", () => {
  expect(readCommandLine([])).toEqual({ port: 4010, rateLimitPerSecond: 0 });
  expect(readCommandLine(["--port=0", "--data", "here", "--rate-limit", "25", "--seed", "7"])).toEqual({
    port: 0,
    dataDirectory: "here",
    rateLimitPerSecond: 25,
    seed: 7,
  });
  expect(readCommandLine(["--port", "x", "-h"])).toBe("help");
});

test("the command itself exits 2 and prints nothing but the sentence", () => {
  const program = join(import.meta.dirname, "cli.ts");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", program, "--port", "abc"],
    { encoding: "utf8", timeout: 60_000 },
  );
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: "",
    stderr: '--port takes a whole number from 0 to 65535, not "abc". See npm run sandbox -- --help.\n',
  });
}, 60_000);
