import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDemoOptions } from "./options.ts";

const program = join(import.meta.dirname, "start.ts");
const start = (...words: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", program, ...words], { encoding: "utf8", timeout: 60_000 });

test.each([
  ["--onec", "There is no option --onec."],
  ["once", '"once" belongs to no option.'],
])(
  "a mistyped word (%s) starts nothing: the demo would stay up where it should have ended",
  (word, sentence) => {
    expect(start(word)).toMatchObject({
      status: 2,
      stdout: "",
      stderr: `${sentence} Use: npm run demo [-- --once]\n`,
    });
  },
);

test("what the demo takes, it takes", () => {
  expect(start("--help")).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("--once") });
  expect(readDemoOptions(["--once"])).toEqual({ once: true });
  expect(readDemoOptions([])).toEqual({ once: false });
}, 60_000);
