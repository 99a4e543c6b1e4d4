import { availableParallelism } from "node:os";
import { UsageError } from "@redress/cli/usage-error";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase, type SimulationDatabase, type SimulationServer, startServer } from "../database.ts";
import { readCrashOptions } from "./options.ts";
import { runAll, type ScenarioReport } from "./run-all.ts";
import { endings, runPoint } from "./run-point.ts";
import { idOf, paths } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

// Whatever step the process dies at: one refund at most, books that equal Stripe's, and the app told.
// An evenly spread sample of the points; `npm run crashes` takes all of them.
const sample = 90;
const seed = Number(process.env.CRASH_SEED ?? 1);

const servers: SimulationServer[] = [];
const databases: SimulationDatabase[] = [];
let reports: ScenarioReport[];
beforeAll(async () => {
  for (let lane = 0; lane < availableParallelism(); lane += 1) {
    const server = await startServer();
    servers.push(server);
    databases.push(await openDatabase(server, "simulation"));
  }
  reports = await runAll({ scenarios, databases, sample, pairs: 15, seed });
}, 600_000);
afterAll(async () => {
  await Promise.all(databases.map((database) => database.close()));
  await Promise.all(servers.map((server) => server.stop()));
});

test("every path is told without a death, and has points", () => {
  expect(new Set(reports.map(({ scenario }) => scenario.path))).toEqual(new Set(paths));
  for (const { scenario, calls, undisturbed } of reports) {
    expect(undisturbed.violations, idOf(scenario)).toEqual([]);
    expect(calls.length, idOf(scenario)).toBeGreaterThan(10);
  }
});

test(`killed before and after external calls (seed ${seed}), nothing is broken once the desk is at rest`, () => {
  const deaths = reports.flatMap((report) => report.deaths);
  expect(deaths.length).toBeGreaterThan(sample / 2);
  for (const { scenario, kill, second, call, result } of deaths) {
    const where = `${idOf(scenario)} ${kill.side} ${kill.call} (${call.label}) ${JSON.stringify(second)}`;
    expect(result.violations, where).toEqual([]);
    expect(result.struck[0]?.label, where).toBe(call.label);
  }
  expect(deaths.some(({ second }) => second !== null)).toBe(true);
  expect(new Set(deaths.map(({ result }) => result.ending))).toEqual(
    new Set(endings.filter((ending) => ending !== "violated")),
  );
});

test("a death is one story: it replays to the same trace", async () => {
  const [database] = databases;
  const scenario = scenarios.find(({ path }) => path === "execute");
  if (database === undefined || scenario === undefined) throw new Error("there is nothing to run");
  const kill = { call: 20, side: "after" } as const;
  const first = await runPoint({ scenario, database, kill });
  const again = await runPoint({ scenario, database, kill });
  expect(again.fingerprint).toBe(first.fingerprint);
  expect(again.struck).toEqual(first.struck);
});

test("the judge sees a desk that did not come to what the scenario expects", async () => {
  const [database] = databases;
  const [scenario] = scenarios;
  if (database === undefined || scenario === undefined) throw new Error("there is nothing to run");
  const expected = { ...scenario.expected, stripe: ["10000 succeeded"], answer: /nothing/ };
  const { ending, violations } = await runPoint({ scenario: { ...scenario, expected }, database });
  expect(ending).toBe("violated");
  expect(violations.map(({ sentence }) => sentence)).toEqual([
    "Stripe has nothing, not 10000 succeeded",
    expect.stringMatching(/^ada connects was told http/),
  ]);
});

test("a call that no story has is refused before anybody is killed, with how many there are", async () => {
  const chosen = scenarios.filter(({ path }) => path === "notify");
  const deaths: unknown[] = [];
  const onDeath = (death: unknown) => deaths.push(death);
  const lengths = reports
    .filter(({ scenario }) => chosen.includes(scenario))
    .map(({ calls }) => calls.length);
  const most = Math.max(...lengths);
  const ask = (wanted: typeof chosen, point: number) =>
    runAll({ scenarios: wanted, databases, point, pairs: 0, seed, onDeath });
  await expect(ask(chosen, most + 1)).rejects.toThrow(
    new UsageError(
      `notify has no call ${most + 1}: its longest story has ${most}. Give --point from 1 to ${most}.`,
    ),
  );
  const [first] = chosen;
  const [length = 0] = lengths;
  if (first === undefined) throw new Error("there is nothing to run");
  await expect(ask([first], length + 1)).rejects.toThrow(
    `${idOf(first)} has no call ${length + 1}: it has ${length}. Give --point from 1 to ${length}.`,
  );
  expect(deaths).toEqual([]);
});

test("bad input is told in a sentence", () => {
  expect(() => readCrashOptions(["--path", "execute", "--point", "-1"])).toThrow(
    '--point takes a whole number from 1 to 999999999, not "-1". Use one of: npm run crashes -- ',
  );
  expect(() => readCrashOptions(["--pairs", "-1"])).toThrow(/--pairs takes a whole number from 0/);
  expect(() => readCrashOptions(["--bogus"])).toThrow(
    "There is no option --bogus. Use one of: npm run crash",
  );
  expect(() => readCrashOptions(["--path", "moon"])).toThrow(/There is no path "moon"/);
  expect(() => readCrashOptions(["--point", "3"])).toThrow(/--point needs --path/);
  expect(() => readCrashOptions(["--path", "execute", "--explain"])).toThrow(/give --path and --point/);
  expect(() => readCrashOptions(["--path", "execute", "--point", "0"])).toThrow(/from 1/);
  expect(() => readCrashOptions(["--real", "--path", "execute"])).toThrow(/--real runs its own paths/);
  expect(() => readCrashOptions(["--real", "--point", "3"])).toThrow(/--real runs its own paths/);
  expect(() => readCrashOptions(["--real", "--explain"])).toThrow(/--real runs its own paths/);
  expect(readCrashOptions(["--path", "execute", "--point", "7"])).toMatchObject({ point: 7, pairs: 0 });
  expect(readCrashOptions([])).toMatchObject({ scenarios, pairs: 200, real: false });
});
