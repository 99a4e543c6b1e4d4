import { readFile } from "node:fs/promises";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startServer } from "./server.ts";
import type { Answer } from "./testing/client.ts";
import { startDesk } from "./testing/desk.ts";

// What watches the desk: it says the truth in numbers, to nobody without the token, and what is shipped to read it fits.
const token = "a-token-for-tests-that-is-long";
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox, { env: { REDRESS_METRICS_TOKEN: token } });
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

const scrape = (authorization: string): Promise<Answer> =>
  desk.client().send("GET", "/metrics", undefined, { headers: { authorization } });

/** The value of a line such as `name{label="x"} 3`. */
function valueIn(text: string, series: string): number | undefined {
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe("metrics", () => {
  it.each(["", "Bearer wrong", `Basic ${token}`, `Bearer ${token}x`])(
    "are not there for %j",
    async (given) => {
      const answer = await scrape(given);
      expect([answer.status, answer.code]).toEqual([404, "not_found"]);
      expect(answer.text).not.toContain("redress_refunds_open");
    },
  );

  it("count what is open, and name nobody", async () => {
    const app = await desk.app("alpha");
    const agent = await desk.operator("agent", "alpha");
    const before = valueIn(
      (await scrape(`Bearer ${token}`)).text,
      'redress_refunds_open{status="awaiting_approval"}',
    );
    expect(before).toBe(0);
    for (const amount of [100, 200]) {
      await agent.client.post("/api/v1/refunds", { purchaseId: await desk.purchase(app.id), amount });
    }
    const { text, headers } = await scrape(`Bearer ${token}`);
    expect(headers.get("content-type")).toContain("text/plain");
    expect(valueIn(text, 'redress_refunds_open{status="awaiting_approval"}')).toBe(2);
    expect(valueIn(text, "redress_refunds_unknown")).toBe(0);
    expect(valueIn(text, 'redress_database_connections{process="web",state="total"}')).toBeGreaterThan(0);
    expect(text).toContain("nodejs_eventloop_lag_p99_seconds");
    expect(text).not.toMatch(/alpha|customer@example\.com|acct_/);
  });

  it.each(["deploy/prometheus/alerts.yaml", "deploy/grafana/redress.json", "docs/monitoring.md"])(
    "%s names only what there is",
    async (file) => {
      const { text } = await scrape(`Bearer ${token}`);
      const there = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
      const source = await readFile(new URL(`../../../${file}`, import.meta.url), "utf8");
      const named = [...source.matchAll(/\b(?:redress|nodejs|process)_[a-z0-9_]*[a-z0-9]\b/g)].map(([name]) =>
        name.replace(/_(bucket|sum|count)$/, ""),
      );
      expect(named.length).toBeGreaterThan(5);
      expect(named.filter((name) => !there.has(name))).toEqual([]);
    },
  );

  it("has a runbook for each alert", async () => {
    const read = (file: string) => readFile(new URL(`../../../${file}`, import.meta.url), "utf8");
    const [alerts, runbooks] = await Promise.all([
      read("deploy/prometheus/alerts.yaml"),
      read("docs/monitoring.md"),
    ]);
    const names = [...alerts.matchAll(/alert: (\w+)/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      expect(runbooks).toContain(`### ${name}\n`);
      expect(alerts).toContain(`#${name?.toLowerCase()}\n`);
    }
  });
});

describe("health", () => {
  it("is live and ready while the database answers with this release's schema", async () => {
    const client = desk.client();
    expect((await client.get("/api/health/live")).text).toBe('{"status":"ok"}');
    expect((await client.get("/api/health/ready")).text).toBe(
      '{"status":"ok","mode":"sandbox","schema":"same"}',
    );
  });

  it("is live but not ready where the schema lacks a migration", async () => {
    const { database } = desk.dependencies;
    const last = "(select max(id) from drizzle.__drizzle_migrations)";
    await database.execute(
      `create table taken as select * from drizzle.__drizzle_migrations where id = ${last}`,
    );
    await database.execute(`delete from drizzle.__drizzle_migrations where id = ${last}`);
    const answer = await desk.client().get("/api/health/ready");
    await database.execute("insert into drizzle.__drizzle_migrations select * from taken");
    await database.execute("drop table taken");
    expect([answer.status, answer.code]).toEqual([503, "schema_behind"]);
    expect((await desk.client().get("/api/health/live")).status).toBe(200);
  });

  it("goes on where a later release migrates the database meanwhile, and is not started there", async () => {
    const { database } = desk.dependencies;
    await database.execute(
      "insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 4102444800000)",
    );
    const answer = await desk.client().get("/api/health/ready");
    const started = await startServer({ env: desk.env, port: 0 }).then(
      () => "started",
      (error: unknown) => String(error),
    );
    await database.execute("delete from drizzle.__drizzle_migrations where hash = 'later'");
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('"schema":"newer"')]);
    expect(started).toContain("SchemaNewerError: The database's schema is newer than this program");
  });
});
