import { expect, test } from "vitest";
import { readOptions, UsageError } from "./options.ts";

// A typing mistake must not measure something else than was asked for.
test("what is not said is the run that docs/performance.md describes", () => {
  expect(readOptions(["webhooks"])).toEqual({
    bench: "webhooks",
    subjects: ["raw", "sync-engine", "redress"],
    connections: [8, 32, 128],
    rounds: 5,
    seconds: 5,
    kills: 2,
    pool: null,
    profile: null,
  });
  expect(readOptions(["workflows"])).toEqual({
    bench: "workflows",
    events: 200,
    drain: 1000,
    engine: "dbos",
  });
  expect(readOptions(["refunds"])).toEqual({
    ...{ bench: "refunds", refunds: 2_000, single: 100, limits: [25, 100] },
  });
});

test("the benches of import, search and pages measure the sizes that are promised, unless told", () => {
  expect(readOptions(["import"])).toEqual({ bench: "import", charges: 100_000, limit: 100 });
  expect(readOptions(["search"])).toEqual({
    ...{ bench: "search", purchases: 1_000_000, small: 10_000, runs: 100 },
  });
  expect(readOptions(["pages"])).toEqual({ bench: "pages", purchases: 1_000_000, runs: 100 });
  expect(readOptions(["pages", "--purchases", "2000", "--runs", "5"])).toEqual({
    ...{ bench: "pages", purchases: 2_000, runs: 5 },
  });
  expect(readOptions(["import", "--charges", "5000", "--limit", "25"])).toEqual({
    ...{ bench: "import", charges: 5_000, limit: 25 },
  });
  expect(readOptions(["search", "--purchases", "20000", "--small", "2000", "--runs", "30"])).toEqual({
    ...{ bench: "search", purchases: 20_000, small: 2_000, runs: 30 },
  });
});

test("every option is read", () => {
  const webhooks = [
    "--connections",
    "1, 64",
    "--rounds",
    "3",
    "--seconds",
    "2",
    "--kills",
    "0",
    "--pool",
    "4",
    "--profile",
    "prof",
  ];
  expect(readOptions(["webhooks", ...webhooks, "--subjects", "redress,raw"])).toEqual({
    bench: "webhooks",
    subjects: ["redress", "raw"],
    connections: [1, 64],
    rounds: 3,
    seconds: 2,
    kills: 0,
    pool: 4,
    profile: "prof",
  });
  const workflows = ["--events", "9", "--drain", "100000", "--engine", "inngest"];
  expect(readOptions(["workflows", ...workflows])).toEqual({
    bench: "workflows",
    events: 9,
    drain: 100_000,
    engine: "inngest",
  });
});

test("without Redress nothing of it is killed", () => {
  expect(readOptions(["webhooks", "--subjects", "raw"])).toMatchObject({ kills: 0 });
});

test.each([
  [[], "Name a bench."],
  [["webhook"], 'There is no bench "webhook".'],
  [["webhooks", "--connections", "8,"], 'not ""'],
  [["webhooks", "--connections", "0"], "--connections takes a whole number from 1"],
  [["webhooks", "--connections", "8,8"], "--connections names one twice"],
  [["webhooks", "--rounds", "1.5"], "--rounds takes"],
  [["webhooks", "--seconds", "-1"], "--seconds"],
  [["webhooks", "--kills", "many"], 'not "many"'],
  [["webhooks", "--kills", "1", "--subjects", "raw"], "leaves Redress out"],
  [["webhooks", "--subjects", "raw,stripe"], 'not "stripe"'],
  [["webhooks", "--events", "1"], "--events"],
  [["webhooks", "8"], "8"],
  [["workflows", "--engine", "temporal"], "dbos, inngest"],
  [["workflows", "--drain", "1e6"], "--drain takes"],
  [["import", "--limit", "5"], "--limit takes a whole number from 25"],
  [["import", "--charges", "10"], "--charges takes"],
  [["search", "--purchases", "5000", "--small", "6000"], "--small takes a whole number from 1000 to 5000"],
  [["search", "--runs", "1"], "--runs takes"],
])("%j is refused with a sentence", (argv, sentence) => {
  const read = () => readOptions(argv);
  expect(read).toThrow(UsageError);
  expect(read).toThrow(sentence);
  expect(read).toThrow("Use: npm run bench");
});
