import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { driftsOfRun } from "@redress/core/reconciliation/record-drift";
import { comparedApps } from "@redress/core/reconciliation/start-asked-run";
import { askRefund, execute } from "@redress/core/testing/drive-refund";
import { type Harness, startHarness, type TestApp } from "@redress/core/testing/harness";
import { keepOutput } from "@redress/core/testing/run-logs";
import { notifications, reconciliationRuns, refunds } from "@redress/database";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { run } from "./run.ts";

// The command as people run it: a process of its own, against the desk's database and Stripe.
let harness: Harness;
let app: TestApp;
beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({ slug: "my-shop" });
});
afterAll(() => harness.close());

const main = fileURLToPath(new URL("main.ts", import.meta.url));

function start(words: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--import", "tsx", main, ...words], {
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      DATABASE_URL: harness.connectionString,
      REDRESS_SANDBOX_ORIGIN: harness.sandbox.origin,
      ...environment,
    },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
    keepOutput(String(chunk));
  });
  const ended = once(child, "close").then(([code]) => ({ code, out, err }));
  return { child, ended, said: () => err };
}

const redress = (...words: string[]) => start(words).ended;

/** The same in this process, for what needs none of its own. */
async function redressHere(words: readonly string[], environment: Record<string, string> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: { write: (text: string) => out.push(text) },
    err: { write: (text: string) => err.push(text) },
  };
  const code = await run(
    words,
    {
      DATABASE_URL: harness.connectionString,
      REDRESS_SANDBOX_ORIGIN: harness.sandbox.origin,
      ...environment,
    },
    terminal,
    new AbortController().signal,
  );
  return { code, out: out.join(""), err: err.join("") };
}

/** How the merchant refunds in the own Dashboard. */
async function refundInDashboard(chargeId: string, accountId: string, amount: number): Promise<string> {
  const { accounts } = await harness.sandbox.admin.listAccounts();
  const response = await fetch(`${harness.sandbox.origin}/v1/refunds`, {
    method: "POST",
    headers: { authorization: `Bearer ${accounts.find(({ id }) => id === accountId)?.secretKey}` },
    body: new URLSearchParams({ charge: chargeId, amount: String(amount) }),
  });
  return (await response.json()).id;
}

test("help says what each command does; no command at all is wrong", async () => {
  const [general, ofCommand, nothing] = await Promise.all([
    redress("--help"),
    redressHere(["reconcile", "--help"]),
    redressHere([]),
  ]);
  expect(general).toMatchObject({ code: 0, err: "", out: expect.stringContaining("reconcile") });
  expect(ofCommand).toMatchObject({ code: 0, err: "", out: expect.stringContaining("--since <date>") });
  expect(nothing).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Usage") });
});

test.each([
  [["reconcil"], 'There is no command "reconcil". See npm run redress -- --help.'],
  [["reconcile"], "Say what to compare: either --app <slug>, --all or --refund <id>."],
  [
    ["reconcile", "--all", "--app", "my-shop"],
    "Say what to compare: either --app <slug>, --all or --refund <id>.",
  ],
  [
    ["reconcile", "--all", "--since", "yesterday"],
    '--since takes a date such as 2026-11-01 or 2026-11-01T08:30:00Z, and "yesterday" is none.',
  ],
  [
    ["reconcile", "--all", "--since", "2026-02-30"],
    '--since takes a date such as 2026-11-01 or 2026-11-01T08:30:00Z, and "2026-02-30" is none.',
  ],
  [
    ["reconcile", "--all", "--since", "2999-01-01"],
    "--since 2999-01-01 is in the future. Give a date that is past.",
  ],
  [
    ["reconcile", "--everything"],
    "There is no option --everything. See npm run redress -- reconcile --help.",
  ],
  [
    ["reconcile", "--all", "my-shop"],
    '"my-shop" belongs to no option. See npm run redress -- reconcile --help.',
  ],
  [["reconcile", "--app"], "--app needs a value. See npm run redress -- reconcile --help."],
  [
    ["reconcile", "--all", "--since", "-1"],
    '--since takes a date such as 2026-11-01 or 2026-11-01T08:30:00Z, and "-1" is none.',
  ],
  [
    ["reconcile", "--all", "--since", "2026-13-01"],
    '--since takes a date such as 2026-11-01 or 2026-11-01T08:30:00Z, and "2026-13-01" is none.',
  ],
  [
    ["reconcile", "--all", "--since", "2026-02-28T24:30:00Z"],
    '--since takes a date such as 2026-11-01 or 2026-11-01T08:30:00Z, and "2026-02-28T24:30:00Z" is none.',
  ],
  [
    ["reconcile", "--app", "my-shop", "--refund", "rfd_1"],
    "Say what to compare: either --app <slug>, --all or --refund <id>.",
  ],
  [
    ["reconcile", "--refund", "rfd_1", "--since", "2026-01-01"],
    "--since goes with --app or --all: one refund is compared whenever it was made.",
  ],
  [
    ["reconcile", "--refund", "rfd_nothere"],
    'There is no refund "rfd_nothere". Its page in the console and the list of refunds show the id, rfd_….',
  ],
  [
    ["reconcile", "--refund", "re_nothere"],
    'There is no refund "re_nothere". If it was made in Stripe’s own Dashboard and is not known here yet, compare its app: --app <slug>.',
  ],
  [["reconcile", "--app", "no-shop"], 'There is no app with the slug "no-shop". There is: my-shop.'],
])("%j: one clear sentence, exit 2, nothing begun", async (words, sentence) => {
  expect(await redressHere(words)).toEqual({ code: 2, out: "", err: `${sentence}\n` });
  expect(await harness.dependencies.database.select().from(reconciliationRuns)).toEqual([]);
});

test("without a reachable sandbox, or with another desk's, it says so and disconnects nobody", async () => {
  const nowhere = await redressHere(["reconcile", "--all"], { REDRESS_SANDBOX_ORIGIN: "http://127.0.0.1:1" });
  expect(nowhere).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringMatching(/^No Stripe sandbox answers/),
  });
  const { startSandbox } = await import("@redress/stripe-sandbox");
  const other = await startSandbox({ seed: 99 });
  const others = await redressHere(["reconcile", "--all"], { REDRESS_SANDBOX_ORIGIN: other.origin });
  expect(others).toMatchObject({ code: 1, err: expect.stringContaining("it is another desk's") });
  await other.close();
  const none = await redressHere(["reconcile", "--all"], { REDRESS_SANDBOX_ORIGIN: "" });
  expect(none).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^No Stripe variable is set/),
  });
  const nonsense = await redressHere(["reconcile", "--all"], { REDRESS_SANDBOX_ORIGIN: "nonsense" });
  expect(nonsense).toEqual({
    code: 1,
    out: "",
    err: 'REDRESS_SANDBOX_ORIGIN must be a sandbox\'s origin on this machine, such as http://127.0.0.1:4010, not "nonsense". npm start prints the one of its sandbox.\n',
  });
  expect(await comparedApps(harness.dependencies)).toMatchObject([{ stripeAccountId: app.accountId }]);
});

test("all apps: what differs is listed, progress goes beside it, an app without a connection stops nobody", async () => {
  await harness.app({ slug: "a-dormant", connect: false });
  const purchase = await harness.purchase({ app });
  const refund = await refundInDashboard(purchase.chargeId, app.accountId, 2_500);
  const { code, out, err } = await redress("reconcile", "--all", "--since", "2026-01-01");
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining("my-shop 100 %") });
  expect(out).toContain("a-dormant: It is not connected to Stripe: there is nothing to compare with.");
  expect(out).toMatch(/^my-shop: \d differences\.$/m);
  expect(out).toMatch(
    new RegExp(
      `  - ${refund} \\(rfd_\\w+\\): succeeded at Stripe, unknown here\\. Stripe is right; it was taken in\\.`,
    ),
  );
  expect(out).toContain("refund.created at Stripe, no webhook told.");

  const again = await redress("reconcile", "--app", "my-shop", "--json");
  expect(again.code).toBe(0);
  expect(JSON.parse(again.out)).toMatchObject({
    apps: [{ app: "my-shop", status: "done", refundsListed: 1, drifts: [] }],
  });
  const alone = await redressHere(["reconcile", "--app", "a-dormant"]);
  expect(alone).toMatchObject({ code: 1, out: expect.stringContaining("not connected") });
});

test("one refund: what differed is printed, with how it stands now; a mistyped one beside it changes nothing", async () => {
  const shop = await harness.app({
    slug: "one-shop",
    approvalRules: [{ amount: 1_000_000, currency: "eur" }],
  });
  const purchase = await harness.purchase({ app: shop });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  await execute(harness, id);
  const wrong = await redressHere(["reconcile", "--refund", id, "--refund", "rfd_mistyped"]);
  expect(wrong).toMatchObject({ code: 2, out: "", err: expect.stringContaining("rfd_mistyped") });

  const { code, out } = await redress("reconcile", "--refund", id);
  const [atStripe] = await harness.stripeRefunds(purchase);
  expect({ code, out }).toEqual({
    code: 0,
    out: [
      `${id}: 1 difference.`,
      `  of one-shop: 1 refund listed, 0 asked of its charge; it is succeeded now, as ${atStripe?.id}`,
      `  - ${atStripe?.id} (${id}): executing here, succeeded at Stripe. Stripe is right; our row was settled.`,
      "",
    ].join("\n"),
  });
  const json = await redressHere(["reconcile", "--refund", atStripe?.id ?? "", "--json"]);
  expect(JSON.parse(json.out)).toMatchObject({
    refunds: [{ app: "one-shop", refund: { id, status: "succeeded" }, status: "done", drifts: [] }],
  });

  await harness.connect(shop, (await harness.sandbox.admin.createAccount({ connected: true })).id);
  const away = await redressHere(["reconcile", "--refund", id]);
  expect(away).toMatchObject({
    code: 1,
    out: expect.stringContaining(`is not connected to ${shop.accountId}`),
  });
});

test("books are not said to agree about a refund whose outcome nobody knows", async () => {
  const shop = await harness.app({
    slug: "open-shop",
    approvalRules: [{ amount: 1_000_000, currency: "eur" }],
  });
  const { id } = await askRefund(harness, await harness.purchase({ app: shop }));
  await harness.sandbox.admin.addFault({ fault: "drop_before", method: "POST", path: "/v1/refunds" });
  await execute(harness, id);
  const open =
    /: the books agree but for 1 refund whose outcome is unknown \(rfd_\w+, next question 2\S+\)\.$/m;
  for (const asked of [
    ["--app", "open-shop"],
    ["--refund", id],
  ]) {
    expect(await redressHere(["reconcile", ...asked])).toMatchObject({
      code: 0,
      out: expect.stringMatching(open),
    });
  }
  const json = await redressHere(["reconcile", "--app", "open-shop", "--json"]);
  expect(JSON.parse(json.out)).toMatchObject({ apps: [{ drifts: [], open: [{ id }] }] });
});

test("killed in the middle, the same command goes on: nothing twice, every drift listed once", async () => {
  const big = await harness.app({ slug: "big-shop" });
  const purchase = await harness.purchase({ app: big, amount: 100_000 });
  for (let index = 0; index < 130; index += 1) await refundInDashboard(purchase.chargeId, big.accountId, 10);
  const { database } = harness.dependencies;
  const newest = async () =>
    (await database.select().from(reconciliationRuns)).find(({ appId }) => appId === big.id);
  const words = ["reconcile", "--app", "big-shop", "--since", "2026-01-01"];
  const killed = start(words);
  await vi.waitFor(async () => expect((await newest())?.cursor).toMatch(/^re_/), {
    timeout: 20_000,
    interval: 10,
  });
  killed.child.kill("SIGKILL");
  expect(await killed.ended).toMatchObject({ code: null });
  expect(await newest()).toMatchObject({ status: "running" });

  const resumed = await redress(...words, "--json");
  expect(resumed.err).toContain("big-shop: going on with the comparison that was interrupted.");
  const [result] = JSON.parse(resumed.out).apps;
  expect(result).toMatchObject({ status: "done", resumed: true, refundsListed: 130 });
  const found = (await driftsOfRun(harness.dependencies, result.runId)).filter(
    ({ kind }) => kind === "refund_missing_here",
  );
  expect(found).toHaveLength(130);
  expect((await database.select().from(refunds)).filter(({ appId }) => appId === big.id)).toHaveLength(130);
  expect((await database.select().from(notifications)).filter(({ appId }) => appId === big.id)).toHaveLength(
    130,
  );
}, 90_000);

test("Ctrl-C finishes the step, says how to go on, and exits 130", async () => {
  await harness.sandbox.admin.addFault({ fault: "rate_limit", method: "GET", path: "/v1/refunds", times: 0 });
  const { child, ended, said } = start(["reconcile", "--app", "my-shop", "--since", "2026-02-01"]);
  await vi.waitFor(() => expect(said()).toContain("Going on in"), { timeout: 20_000, interval: 20 });
  child.kill("SIGINT");
  const { code, out, err } = await ended;
  await harness.sandbox.admin.clearFaults();
  expect(code).toBe(130);
  expect(err).toContain("Stopped. The same command goes on from here.");
  expect(out).toContain("not finished");
});
