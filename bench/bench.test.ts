import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

// The whole way of the bench, but for Redress itself, which needs its console built.
const root = fileURLToPath(new URL("..", import.meta.url));

async function bench(...options: string[]): Promise<{ code: number | null; out: string; error: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "bench/cli.ts", ...options], { cwd: root });
  let [out, error] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    error += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, error };
}

test("a tiny run measures, finds every acknowledged event, and ends with a line of JSON", async () => {
  const sizes = ["--connections", "8", "--rounds", "1", "--seconds", "1", "--pool", "4"];
  const { code, out, error } = await bench("webhooks", "--subjects", "raw,sync-engine", ...sizes);
  expect(error).toBe("");
  expect(code).toBe(0);
  expect(out).toMatch(/raw: all \d+ acknowledged events are in the database/);
  const { figures } = JSON.parse(out.trimEnd().split("\n").at(-1) ?? "");
  expect(figures).toMatchObject([
    { subject: "raw", pool: 4, connections: 8, refused: 0 },
    { subject: "sync-engine", connections: 8, refused: 0 },
  ]);
  for (const { requestsPerSecond, p50Ms, p99Ms } of figures) {
    expect(requestsPerSecond).toBeGreaterThan(0);
    expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
  }
}, 120_000);

// A schema that has moved on would otherwise be found out only when figures are wanted.
test("a tiny search asks everything of both sizes, and ends with a line of JSON", async () => {
  const { code, out, error } = await bench(
    "search",
    "--purchases",
    "3000",
    "--small",
    "1000",
    "--runs",
    "20",
  );
  expect(error).toBe("");
  expect(code).toBe(0);
  const { p95Ratio, p95Ms, timings } = JSON.parse(out.trimEnd().split("\n").at(-1) ?? "");
  expect(p95Ratio).toBeGreaterThan(0);
  expect(p95Ms).toBe(Math.max(...timings.map((timing: { p95Ms: number }) => timing.p95Ms)));
  const found = timings.map((timing: { name: string; found: number }) => [timing.name, timing.found]);
  expect(Object.fromEntries(found)).toMatchObject({
    charge: 1,
    "purchases, newest": 50,
    "what is not there": 0,
  });
}, 120_000);

test("what makes no sense is refused with a sentence and 2", async () => {
  expect(await bench("webhooks", "--rounds", "0")).toMatchObject({ code: 2, out: "" });
  const inngest = await bench("workflows", "--engine", "inngest");
  expect(inngest.code).toBe(2);
  expect(inngest.error).toContain("INNGEST_BASE_URL");
});
