import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase, type SimulationDatabase, type SimulationServer, startServer } from "./database.ts";
import { faultKinds, tellUnexercised } from "./faults.ts";
import { readOptions } from "./options.ts";
import { readPlantedOptions } from "./planted/options.ts";
import { runSeed } from "./run.ts";

// The promise of Redress under every fault, in a few runs; `npm run simulate` makes as many as one likes.
let server: SimulationServer;
let database: SimulationDatabase;
beforeAll(async () => {
  server = await startServer();
  database = await openDatabase(server, "simulation");
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

test("a seed is one story: it replays to the same trace, whatever ran before it", async () => {
  const first = await runSeed({ seed: 4, database });
  await runSeed({ seed: 3, database });
  const again = await runSeed({ seed: 4, database });
  expect(again.fingerprint).toBe(first.fingerprint);
  expect(again.steps).toBeGreaterThanOrEqual(30);
}, 60_000);

test.each([20, 21, 22])(
  "seed %i: at rest, no invariant is broken",
  async (seed) => {
    const { violations } = await runSeed({ seed, database });
    expect(violations).toEqual([]);
  },
  60_000,
);

test("bad input is told in a sentence", () => {
  expect(() => readOptions(["--seed", "x"])).toThrow(/--seed takes a whole number/);
  expect(() => readOptions(["--seeds", "0"])).toThrow(/from 1/);
  expect(() => readOptions(["--seeds", "-1"])).toThrow(
    'takes a whole number from 1 to 999999999, not "-1". Use: npm run simulate -- [--seeds 100] [--seed 1] [--explain]',
  );
  expect(() => readOptions(["--planets", "9"])).toThrow("There is no option --planets. Use: npm run simul");
  expect(() => readPlantedOptions(["--seed", "-1"])).toThrow(/from 0 to .*, not "-1"\. Use: npm run plant/);
  expect(() => readPlantedOptions(["--bug"])).toThrow("--bug needs a value. Use: npm run planted");
  expect(readOptions(["--seed", "7"])).toMatchObject({ seeds: 1, firstSeed: 7 });
  expect(readOptions(["--seeds", "5"])).toMatchObject({ seeds: 5, firstSeed: 1, explain: false });
  expect(readPlantedOptions(["--bug", "03"])).toEqual({ bug: "03", first: 1, count: 1000 });
});

test("what never struck is named, so that nobody takes a short run for proof of it", () => {
  const all = new Map(faultKinds.map((kind) => [kind, 1]));
  expect(tellUnexercised(all)).toBeNull();
  const some = new Map([...all, ["app_error", 0] as const]);
  some.delete("stripe_slow");
  expect(tellUnexercised(some)).toBe(
    "Never struck, so nothing is shown about: stripe_slow, app_error. More --seeds exercise them.",
  );
});

test.each(["cli.ts", "planted/cli.ts", "crash/cli.ts"])(
  "%s tells its options when asked, and refuses in one line what it does not know",
  (file) => {
    const play = (word: string) =>
      spawnSync(process.execPath, ["--import", "tsx", join(import.meta.dirname, file), word], {
        encoding: "utf8",
        timeout: 60_000,
      });
    const help = play("-h");
    expect(help).toMatchObject({ status: 0, stderr: "" });
    expect(help.stdout).toMatch(/^ {2}--seed <n> .*\n(.*\n)* {2}--help /m);
    const wrong = play("--bogus");
    expect(wrong).toMatchObject({ status: 2, stdout: "" });
    expect(wrong.stderr).toMatch(/^There is no option --bogus\. Use.*\n$/);
  },
  120_000,
);
