import { expect, test } from "vitest";
import type { SubjectName } from "../options.ts";
import type { Turn } from "./rounds.ts";
import { summarise } from "./summary.ts";
import { formatTable } from "./table.ts";

// A ratio compares neighbours in time, and what was not measured has none.
function turn(subject: SubjectName, connections: number, round: number, requestsPerSecond: number): Turn {
  return {
    subject,
    pool: subject === "raw" ? 16 : null,
    connections,
    round,
    requestsPerSecond,
    p50Ms: 1_000 / requestsPerSecond,
    p99Ms: 4_000 / requestsPerSecond,
    refused: 1,
    cpuMs: { subject: 0.5, database: null, load: 0.1 },
    drained: subject === "redress" ? { handled: 40 * round, open: 7 } : null,
  };
}

test("the median of the rounds' ratios, not the ratio of the medians", () => {
  const raw = [100, 400, 1_000].map((rate, index) => turn("raw", 32, index + 1, rate));
  const redress = [150, 800, 900].map((rate, index) => turn("redress", 32, index + 1, rate));
  const { ratios } = summarise([...redress, ...raw], 2);
  expect(ratios).toMatchObject({ ratioToRaw32: 1.5, p99RatioToRaw32: 0.67 });
});

test("medians of the figures, what was refused in all, and what was drained meanwhile", () => {
  const turns = [300, 100, 200].map((rate, index) => turn("redress", 8, index + 1, rate));
  expect(summarise(turns, 4).figures).toEqual([
    {
      subject: "redress",
      pool: null,
      connections: 8,
      requestsPerSecond: 200,
      p50Ms: 5,
      p99Ms: 20,
      refused: 3,
      cpuMs: { subject: 0.5, database: null, load: 0.1 },
      drained: { handledPerSecond: 20, open: 7 },
    },
  ]);
});

test("the promised ratios are named even when they were not measured", () => {
  const { ratios } = summarise([turn("redress", 32, 1, 10), turn("sync-engine", 32, 1, 4)], 1);
  expect(ratios).toEqual({
    ratioToRaw8: null,
    ratioToRaw32: null,
    ratioToSyncEngine32: 2.5,
    p99RatioToRaw32: null,
    p99RatioToSyncEngine32: 0.4,
  });
});

test("the table has a row for each subject and number of connections, with all of its cells", () => {
  const summary = summarise([turn("raw", 8, 1, 10), turn("redress", 8, 1, 5), turn("redress", 32, 1, 7)], 1);
  const rows = formatTable(summary)
    .split("\n")
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows.map((cells) => cells.length)).toEqual([11, 11, 11, 11, 11]);
  expect(rows.slice(2).map(([connections, subject, rate]) => [connections, subject, rate])).toEqual([
    ["8", "raw (pool of 16)", "10"],
    ["8", "redress", "5"],
    ["32", "redress", "7"],
  ]);
});
