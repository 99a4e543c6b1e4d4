import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase, type SimulationDatabase, type SimulationServer, startServer } from "./database.ts";
import { readOptions } from "./options.ts";
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
  expect(() => readOptions(["--planets", "9"])).toThrow(/npm run simulate/);
  expect(readOptions(["--seed", "7"])).toMatchObject({ seeds: 1, firstSeed: 7 });
  expect(readOptions(["--seeds", "5"])).toMatchObject({ seeds: 5, firstSeed: 1, explain: false });
});
