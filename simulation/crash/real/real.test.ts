import { expect, test } from "vitest";
import type { SimulationServer } from "../../database.ts";
import { runReal } from "./real-table.ts";

// The same with real processes, SIGKILL and PostgreSQL as in production: approve, execute and notify in one,
// and webhook ingestion. A sample; `npm run crashes -- --real` takes every point.
const seed = Number(process.env.CRASH_SEED ?? 1);

test(`a real process killed at its external calls (seed ${seed}): everything comes right after the restart`, async () => {
  const lines: string[] = [];
  const servers = new Set<SimulationServer>();
  const say = (line: string) => void lines.push(line);
  const summary = await runReal({ sample: 16, seed, clockOffsetMs: 65_000, lanes: 2, servers, say });
  expect(summary.violations, lines.join("\n")).toBe(0);
  expect(summary.kills).toBeGreaterThanOrEqual(10);
  expect(summary.notReached).toBeLessThanOrEqual(2);
  expect(servers.size).toBe(0);
}, 600_000);
