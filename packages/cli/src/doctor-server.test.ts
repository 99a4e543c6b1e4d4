import { examineServer } from "@redress/core/doctor/examine-server";
import type { Finding } from "@redress/core/doctor/finding";
import { apps } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDesk } from "../../../apps/web/src/testing/desk.ts";
import { buildWeb } from "../../../scripts/build-web.ts";
import { run } from "./run.ts";

// An engineer is told what is wrong with a set-up, and the exact mend: a good one, and one broken in each way.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let other: TestDatabase;

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
  other = await createTestDatabase();
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
  await other?.drop();
});

type Changes = Readonly<Record<string, string | undefined>>;

async function examine(changes: Changes = {}, now = () => new Date()): Promise<Finding[]> {
  const environment = { NODE_ENV: "test", ...desk.env, ...changes };
  return examineServer({ environment, connectionString: null, now });
}

const secretsOf = (environment: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => /SECRET/.test(name)));

/** What is wrong, with ports and ids left out. */
async function wrong(changes: Changes, now?: () => Date): Promise<string[]> {
  const findings = await examine(changes, now);
  const told = findings.filter(({ state }) => state === "failed" || state === "warning");
  return told
    .filter(({ part, state }) => part !== "audit" || state === "failed")
    .map(({ part, state, sentence, mend }) => `${part} ${state}: ${sentence} ${mend}`)
    .map((line) => line.replace(/127\.0\.0\.1:\d+/g, "HOST").replace(/\b(we|acct)_\w+/g, "$1_…"));
}

async function onOther(statement: ReturnType<typeof sql>): Promise<void> {
  const client = new pg.Client({ connectionString: other.connectionString });
  await client.connect();
  await drizzle(client).execute(statement);
  await client.end();
}

test("a good set-up: everything is looked at, and nothing is wrong", async () => {
  const findings = await examine();
  expect(findings.filter(({ state }) => state === "failed")).toEqual([]);
  expect([...new Set(findings.map(({ part }) => part))].sort()).toEqual(
    ["apps", "audit", "configuration", "database", "engine", "mail", "slack", "stripe", "webhooks"].sort(),
  );
  for (const value of Object.values(secretsOf(desk.env)))
    expect(JSON.stringify(findings)).not.toContain(value);
});

test("the command says the same, line by line and as JSON, and its exit code tells", async () => {
  const said = { out: "", err: "" };
  const terminal = {
    out: {
      write: (text: string) => {
        said.out += text;
      },
    },
    err: {
      write: (text: string) => {
        said.err += text;
      },
    },
  };
  const { signal } = new AbortController();
  const environment = { NODE_ENV: "test", ...desk.env };
  expect(await run(["doctor", "--server"], environment, terminal, signal)).toBe(0);
  expect(said.out).toContain("ok    stripe         Stripe takes the key");
  const broken = { ...environment, STRIPE_SECRET_KEY: "sk_test_nobody" };
  said.out = "";
  expect(await run(["doctor", "--server", "--json"], broken, terminal, signal)).toBe(1);
  expect(JSON.parse(said.out)).toMatchObject({ ok: false });
  expect(await run(["doctor", "--server", "--url", desk.url], environment, terminal, signal)).toBe(2);
});

test("variables that are missing or wrong are all named at once", async () => {
  expect(
    await wrong({ STRIPE_PUBLISHABLE_KEY: undefined, REDRESS_EVENT_RETENTION_DAYS: "3" }),
  ).toMatchSnapshot();
});

test("a key that Stripe does not know", async () => {
  expect(await wrong({ STRIPE_SECRET_KEY: "sk_test_nobody" })).toMatchSnapshot();
});

test("webhook secrets that the server does not have", async () => {
  expect(await wrong({ STRIPE_CONNECT_WEBHOOK_SECRET: "whsec_another" })).toMatchSnapshot();
});

test("a public address where nobody answers", async () => {
  expect(await wrong({ NEXT_PUBLIC_URL: "http://127.0.0.1:1" })).toMatchSnapshot();
});

test("a database that is away, and one that does not exist", async () => {
  const away = "postgres://redress:redress@127.0.0.1:1/redress";
  expect(await wrong({ DATABASE_URL: away })).toMatchSnapshot();
  const missing = new URL(desk.env.DATABASE_URL);
  missing.pathname = "/nothing_of_that_name";
  expect(await wrong({ DATABASE_URL: missing.href })).toMatchSnapshot();
});

test("a schema that is older than the program, or newer", async () => {
  const { connectionString: DATABASE_URL } = other;
  await onOther(
    sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of tomorrow', 9999999999999)`,
  );
  const newer = await wrong({ DATABASE_URL });
  await onOther(sql`delete from drizzle.__drizzle_migrations where id > 20`);
  const older = await wrong({ DATABASE_URL });
  const counted = (line: string) => line.replace(/\d+/g, "N");
  expect([newer, older].flat().map(counted)).toMatchSnapshot();
});

test("a mail server that is away, and a folder for anchors that is missing", async () => {
  const changes = {
    SMTP_URL: "smtp://127.0.0.1:1",
    MAIL_FROM: "refunds@example.com",
    AUDIT_ANCHOR_DIR: "/nowhere/anchors",
  };
  expect(await wrong(changes)).toMatchSnapshot();
});

test("an engine that is away", async () => {
  expect(await wrong({ INNGEST_DEV: "http://127.0.0.1:1" })).toMatchSnapshot();
});

test("a clock that is ten minutes ahead", async () => {
  const found = await wrong({}, () => new Date(Date.now() + 600_000));
  expect(found.map((line) => line.replace(/\d{3} s/, "600 s"))).toMatchSnapshot();
});

test("an app of the other mode, and one that is not told of its refunds", async () => {
  const { database } = desk.dependencies;
  await desk.app("silent-app");
  const live = await desk.app("live-app");
  await database.update(apps).set({ stripeLivemode: true }).where(eq(apps.id, live.id));
  expect(await wrong({})).toMatchSnapshot();
  await disconnectAll();
});

async function disconnectAll() {
  const none = { connectedAt: null, connectedBy: null, stripeScope: null, stripeLivemode: null };
  await desk.dependencies.database.update(apps).set({ stripeAccountId: null, ...none });
}

test("an older secret that is needed yet, one that is not any more, and one that was not given", async () => {
  await desk.app("sealed-app");
  const another = { REDRESS_SECRET: "another secret of this desk which is long enough" };
  const both = { ...another, REDRESS_SECRET_PREVIOUS: desk.env.REDRESS_SECRET };
  const unneeded = { REDRESS_SECRET_PREVIOUS: "an older secret that sealed nothing here" };
  const found = async (changes: Changes) =>
    (await wrong(changes)).filter((line) => line.startsWith("configuration"));
  expect((await found(both))[0]).toMatch(
    /warning: \d+ values are sealed with an older secret.*secrets reseal/,
  );
  expect((await found(unneeded))[0]).toMatch(/warning: Nothing is sealed with an older secret/);
  expect((await found(another))[0]).toMatch(/failed: \d+ values were sealed with neither REDRESS_SECRET nor/);
  await disconnectAll();
});

test("an endpoint that Stripe sends nothing, and none at all", async () => {
  const { stripe } = desk.dependencies;
  const { data } = await stripe.webhookEndpoints.list();
  for (const { id } of data) await stripe.webhookEndpoints.update(id, { disabled: true });
  expect((await wrong({})).slice(0, 1)).toMatchSnapshot();
  for (const { id } of data) await stripe.webhookEndpoints.del(id);
  expect(await wrong({})).toMatchSnapshot();
});
