import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keepOutput } from "@redress/core/testing/run-logs";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startDesk } from "../../../apps/web/src/testing/desk.ts";
import { onSandbox } from "../../../apps/web/src/testing/on-sandbox.ts";
import { buildWeb } from "../../../scripts/build-web.ts";
import { run } from "./run.ts";

// The command line with an agent's key against the running desk: it gets what the key may do, and says why not else.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let admin: Awaited<ReturnType<typeof desk.operator>>;
let folder: string;
const { connectedApp } = onSandbox(() => ({ sandbox, desk }));

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
  admin = await desk.operator("admin");
  folder = await mkdtemp(join(tmpdir(), "redress-cli-"));
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const main = fileURLToPath(new URL("main.ts", import.meta.url));

/** The command as a process of its own, as people run it. */
async function redress(words: string[], environment: Record<string, string>, input = "") {
  const child = spawn(process.execPath, ["--import", "tsx", main, ...words], {
    env: { NODE_ENV: "test", PATH: process.env.PATH, XDG_CONFIG_HOME: folder, ...environment },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
    keepOutput(String(chunk));
  });
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { code, out, err };
}

/** The same in this process, with somebody at the terminal who gives this answer. */
async function redressHere(words: string[], environment: Record<string, string>, answer?: string) {
  const said = { out: "", err: "" };
  const write = (where: "out" | "err") => (text: string) => {
    said[where] += text;
  };
  const code = await run(
    words,
    { XDG_CONFIG_HOME: folder, ...environment },
    {
      out: { write: write("out") },
      err: { write: write("err") },
      ...(answer === undefined ? {} : { ask: async () => answer }),
    },
    new AbortController().signal,
  );
  return { code, ...said };
}

const errorShape = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
const codeOf = (err: string) => errorShape.parse(JSON.parse(err.slice(err.indexOf("{")))).error.code;
const askedShape = z.looseObject({
  requestId: z.string(),
  refund: z.looseObject({ id: z.string(), status: z.string() }),
});

async function makeKey(given: Record<string, unknown> = {}): Promise<string> {
  const body = { name: "Support bot", ratePerMinute: 6000, ...given };
  return (await admin.client.post("/api/v1/keys", body)).as(z.object({ secret: z.string() })).secret;
}
const withKey = async (given: Record<string, unknown> = {}) => ({
  REDRESS_URL: desk.url,
  REDRESS_KEY: await makeKey(given),
});

async function ruledApp(slug: string) {
  const app = await connectedApp(slug);
  const approvalRules = [{ amount: 2_000, currency: "usd" }];
  expect((await admin.client.send("PATCH", `/api/v1/apps/${slug}`, { approvalRules })).status).toBe(200);
  return app;
}
const money = (amount: number) => ["--amount", String(amount), "--currency", "usd"];

describe("signing in", () => {
  test("keeps the key for this user alone, until signing out", async () => {
    const key = await makeKey();
    const file = join(folder, "redress/credentials.json");
    const signed = await redress(["sign-in", "--url", desk.url], {}, `${key}\n`);
    expect(signed).toMatchObject({ code: 0, err: "", out: expect.stringContaining(file) });
    expect(signed.out).not.toContain(key);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ url: desk.url, key });
    const who = await redress(["whoami"], {});
    expect(who).toMatchObject({ code: 0, out: expect.stringContaining("Support bot") });
    expect(who.out).toContain("can never approve");
    await chmod(file, 0o644);
    expect(await redressHere(["whoami"], {})).toMatchObject({
      code: 1,
      err: expect.stringContaining("chmod 600"),
    });
    await chmod(file, 0o600);
    expect(await redressHere(["sign-out"], {})).toMatchObject({ code: 0 });
    expect(await redressHere(["whoami"], {})).toMatchObject({
      code: 2,
      err: expect.stringContaining("Nobody is signed in"),
    });
  });

  test("keeps no key that the desk refuses, and sends none where it could be read", async () => {
    const refused = await redress(["sign-in", "--url", desk.url, "--json"], {}, "redress_agent_nobody");
    expect([refused.code, refused.out, codeOf(refused.err)]).toEqual([1, "", "key_invalid"]);
    const open = await redress(["sign-in", "--url", "http://refunds.example.com"], {}, await makeKey());
    expect(open).toMatchObject({ code: 2, err: expect.stringContaining("https://") });
    const nothing = await redress(["sign-in", "--url", desk.url], {});
    expect(nothing).toMatchObject({ code: 2, err: expect.stringContaining("standard input") });
  });
});

describe("asking for a refund", () => {
  test("what policy allows is made once however often it is asked for; the sentence is the tool's", async () => {
    const app = await ruledApp("cli-within");
    const environment = await withKey();
    const found = await redress(["purchases", "find", app.chargeId, "--json"], environment);
    expect(JSON.parse(found.out)).toMatchObject({ purchases: [{ id: app.purchaseId, amountLeft: 10_000 }] });
    const policy = await redressHere(["refunds", "policy", app.purchaseId, ...money(2_000)], environment);
    expect(policy).toMatchObject({ code: 0, out: expect.stringContaining("allows a refund of $20.00") });

    const words = ["refunds", "request", app.purchaseId, ...money(2_000), "--json"];
    const first = await redress([...words, "--request-id", "ticket-1"], environment);
    const { refund } = askedShape.parse(JSON.parse(first.out));
    expect([first.code, first.err]).toEqual([0, "Request id: ticket-1\n"]);
    for (const more of [["--request-id", "ticket-1"], []]) {
      const again = await redressHere([...words, ...more], environment);
      expect(JSON.parse(again.out)).toMatchObject({ refund: { id: refund.id }, repeated: true });
    }
    const changed = await redressHere(
      ["refunds", "request", app.purchaseId, ...money(1_999), "--request-id", "ticket-1", "--json"],
      environment,
    );
    expect([changed.code, codeOf(changed.err)]).toEqual([1, "request_key_conflict"]);
    const show = () => redressHere(["refunds", "show", refund.id], environment);
    await expect.poll(async () => (await show()).out, { timeout: 20_000 }).toContain("$20.00 was refunded.");
    const { accounts } = await sandbox.admin.ledger();
    expect(accounts[app.account]?.refunds).toMatchObject([{ amount: 2_000 }]);
  });

  test("a person at the terminal is asked first, with what policy will say; no is nothing", async () => {
    const app = await ruledApp("cli-asked");
    const environment = await withKey();
    const words = ["refunds", "request", app.purchaseId];
    const no = await redressHere(words, environment, "n");
    expect(no).toMatchObject({ code: 1, out: "" });
    expect(no.err).toContain("A person has to approve a refund of $100.00.");
    expect(JSON.parse((await redressHere(["refunds", "list", "--json"], environment)).out)).toMatchObject({
      refunds: expect.not.arrayContaining([expect.objectContaining({ purchaseId: app.purchaseId })]),
    });
    const yes = await redressHere(words, environment, "y");
    expect(yes).toMatchObject({ code: 0, out: expect.stringContaining("A person has to approve it first.") });
    expect(yes.err).toMatch(/Request id: cli-[0-9a-f-]{36}/);
    const waiting = await redressHere(["approvals", "list"], environment);
    expect(waiting.out).toContain(app.purchaseId);
    const [refundId = ""] = /rfd_\w+/.exec(yes.out) ?? [];
    const back = await redressHere(["refunds", "withdraw", refundId, "--note", "a mistake"], environment);
    expect(back).toMatchObject({ code: 0, out: expect.stringContaining("withdrawn") });
  });

  test("what policy refuses exits with 1", async () => {
    const app = await ruledApp("cli-refused");
    const policy = { rules: [{ when: {}, verdict: "refuse", reason: "All sales are final." }] };
    const set = await admin.client.send("PUT", "/api/v1/apps/cli-refused/policy", { policy });
    expect(set.status).toBe(200);
    const environment = await withKey();
    const refused = await redressHere(["refunds", "request", app.purchaseId, "--yes"], environment);
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("All sales are final.") });
  });

  test("where no desk answers it says how to send the same again", async () => {
    const environment = { REDRESS_URL: "http://127.0.0.1:9", REDRESS_KEY: "redress_agent_x" };
    const lost = await redressHere(
      ["refunds", "request", "pur_x", "--request-id", "ticket-9", "--json"],
      environment,
    );
    expect([lost.code, codeOf(lost.err)]).toEqual([1, "desk_unreachable"]);
    expect(lost.err).toContain("--request-id ticket-9");
  });
});

describe("a list of refunds", () => {
  const listShape = z.looseObject({
    requestId: z.string().optional(),
    bulkRefund: z.looseObject({ id: z.string(), status: z.string() }),
  });
  const listOf = (out: string) => listShape.parse(JSON.parse(out)).bulkRefund;

  /** Somebody approves it in the console once it waits. */
  async function approve(id: string): Promise<void> {
    const { client } = await desk.operator("approver");
    const path = `/api/v1/bulk-refunds/${id}`;
    const seen = z.object({ bulkRefund: z.object({ status: z.string(), listHash: z.string().nullable() }) });
    const read = async () => (await client.get(path)).as(seen).bulkRefund;
    await expect.poll(async () => (await read()).status, { timeout: 20_000 }).toBe("awaiting_approval");
    const { listHash } = await read();
    expect((await client.post(`${path}/approve`, { listHash })).status).toBe(200);
  }

  test("from a file is made once for its request id, watched to its end, and names no customer", async () => {
    const app = await connectedApp("cli-list");
    const environment = await withKey();
    const file = join(folder, "workshop.csv");
    await writeFile(file, `charge,amount,currency\n${app.chargeId},15.00,usd\nch_unknown,,\n`);
    const words = ["bulk", "create", "--app", "cli-list", "--csv", file, "--note", "Workshop cancelled"];
    const asked = await redress([...words, "--request-id", "workshop-7", "--json"], environment);
    expect([asked.code, asked.err]).toEqual([0, "Request id: workshop-7\n"]);
    const { id } = listOf(asked.out);
    const again = await redressHere([...words, "--request-id", "workshop-7"], environment);
    expect(again.out).toContain(id);
    expect(again.out).toContain("It had been asked for before");
    expect(again.out).toContain(`${desk.url}/bulk-refunds/${id}`);
    await approve(id);
    const watched = await redress(["bulk", "show", id, "--watch"], environment);
    expect(watched.code).toBe(0);
    expect(watched.err).toContain("100 %  finished, asked for 1 refund");
    for (const line of [
      "lines left_out: 1",
      "lines requested: 1 ($15.00)",
      "because: purchase_unknown 1",
      "refunds succeeded: 1 ($15.00)",
    ]) {
      expect(watched.out).toContain(line);
    }
    expect(watched.out).not.toContain("@");
    const { accounts } = await sandbox.admin.ledger();
    expect(accounts[app.account]?.refunds).toMatchObject([{ amount: 1_500 }]);
    const list = await redressHere(["bulk", "list", "--status", "finished"], environment);
    expect(list).toMatchObject({ code: 0, out: expect.stringContaining(`cli-list  2 lines  finished`) });
  }, 60_000);

  test("from a search waits for a person, and can be taken back; what the desk refuses says why", async () => {
    const app = await connectedApp("cli-search");
    const environment = await withKey();
    const words = ["bulk", "create", "--app", "cli-search", "--json", "--search"];
    const { id } = listOf((await redressHere([...words, app.chargeId], environment)).out);
    const show = () => redressHere(["bulk", "show", id], environment);
    await expect.poll(async () => (await show()).out, { timeout: 20_000 }).toContain("waits for a person");
    const back = await redressHere(["bulk", "withdraw", id, "--json"], environment);
    expect([back.code, listOf(back.out).status]).toEqual([0, "withdrawn"]);
    const nothing = await redressHere([...words, "nobody@example.com"], environment);
    expect([nothing.code, codeOf(nothing.err)]).toEqual([1, "invalid_input"]);
    const wrong = join(folder, "wrong.csv");
    await writeFile(wrong, "purchase,price\nx,1\n");
    const refused = await redressHere([...words.slice(0, -1), "--csv", wrong], environment);
    expect([refused.code, codeOf(refused.err)]).toEqual([1, "csv_invalid"]);
    const unknown = await redressHere(["bulk", "show", "blk_unknown", "--watch", "--json"], environment);
    expect([unknown.code, codeOf(unknown.err)]).toEqual([1, "bulk_refund_not_found"]);
  }, 60_000);
});

describe("what a key cannot do", () => {
  test.each([
    [["approvals", "approve", "rfd_1"], "A key can never approve or reject"],
    [["refunds", "pay"], 'There is no "refunds pay": list, show, policy, request, withdraw.'],
    [["refunds", "show"], "Name the refund, rfd_…."],
    [["refunds", "show", "rfd_1", "rfd_2"], '"rfd_2" is too much here.'],
    [
      ["refunds", "request", "pur_1", "--amount", "25.00", "--currency", "eur"],
      "--amount takes a whole number",
    ],
    [["refunds", "request", "pur_1", "--amount", "25"], "Give --currency beside --amount"],
    [["purchases", "find", "x", "--limit", "101"], "--limit takes a whole number from 1 to 100"],
    [["bulk", "approve", "blk_1"], "A key can never approve"],
    [["bulk", "result", "blk_1"], "on the list's page in the console"],
    [["bulk", "stop"], 'There is no "bulk stop": create, list, show, withdraw.'],
    [["bulk", "create", "--search", "x"], "Name the app"],
    [
      ["bulk", "create", "--app", "a", "--search", "x", "--csv", "y"],
      "either --csv <file> or --search <words>",
    ],
    [["bulk", "create", "--app", "a", "--csv", "/nowhere/x.csv"], "/nowhere/x.csv cannot be read (ENOENT)"],
    [["apps"], "Say what to do with apps: list, show."],
    [["audit", "seal"], 'There is no "audit seal": list, verify, export or anchor.'],
  ])("%j is wrong as it stands", async (words, sentence) => {
    const environment = { REDRESS_URL: desk.url, REDRESS_KEY: "redress_agent_x" };
    const wrong = await redressHere(words, environment);
    expect(wrong).toMatchObject({ code: 2, out: "", err: expect.stringContaining(sentence) });
    const asJson = await redressHere([...words, "--json"], environment);
    expect([asJson.code, codeOf(asJson.err)]).toEqual([2, "invalid_usage"]);
  });

  test("another app's purchase is none, and a missing permission is named", async () => {
    await connectedApp("cli-mine");
    const other = await connectedApp("cli-other");
    const environment = await withKey({ apps: ["cli-mine"], permissions: ["purchases.read"] });
    const apps = await redressHere(["apps", "list"], environment);
    expect(apps).toMatchObject({ code: 0, out: "cli-mine  cli-mine  connected\n" });
    const foreign = await redressHere(["purchases", "show", other.purchaseId, "--json"], environment);
    expect([foreign.code, codeOf(foreign.err)]).toEqual([1, "purchase_not_found"]);
    const list = await redressHere(["refunds", "list", "--json"], environment);
    expect([list.code, codeOf(list.err)]).toEqual([1, "permission_denied"]);
    expect(list.err).toContain("refunds.read");
  });

  test("what a customer wrote cannot steer the terminal", async () => {
    const app = await connectedApp("cli-steered");
    const id = await desk.purchase(app.id, { productName: "\u001b[2JCourse\nfake line" });
    const shown = await redressHere(["purchases", "show", id], await withKey());
    expect(shown.out).toContain("�[2JCourse�fake line");
    expect(shown.out).not.toContain("\u001b");
  });
});

test("doctor says what is wrong from here", async () => {
  const good = await redress(["doctor", "--json"], await withKey());
  expect(JSON.parse(good.out)).toMatchObject({
    ok: true,
    checks: [{ name: "desk" }, { name: "key" }, { name: "version" }, { name: "clock", ok: true }],
  });
  const bad = await redressHere(["doctor"], { REDRESS_URL: desk.url, REDRESS_KEY: "redress_agent_x" });
  expect(bad).toMatchObject({
    code: 1,
    out: expect.stringMatching(/ok {4}desk.*\nFAIL {2}key.*key_invalid/),
  });
});

test("audit verify checks the desk's own log, and names the first broken row", async () => {
  const environment = {
    DATABASE_URL: desk.env.DATABASE_URL ?? "",
    REDRESS_SANDBOX_ORIGIN: sandbox.origin,
  };
  const list = await redress(["audit", "list", "--limit", "3", "--json"], environment);
  expect(JSON.parse(list.out).entries).toHaveLength(3);
  const { database } = desk.dependencies;
  await expect
    .poll(() => database.execute(sql`select 1 from audit_seals limit 1`).then(({ rows }) => rows.length), {
      timeout: 20_000,
    })
    .toBe(1);
  const whole = await redress(["audit", "verify"], environment);
  expect(whole).toMatchObject({ code: 0, out: expect.stringContaining("The log is whole") });
  // Behind the triggers' back, as somebody with the database's own rights could.
  const edited = await database.transaction(async (transaction) => {
    await transaction.execute(sql`set local session_replication_role = replica`);
    const { rows } = await transaction.execute(
      sql`update audit_logs set actor_id = 'opr_nobody' where id = (select min(id) from audit_logs) returning id`,
    );
    return String(rows[0]?.id);
  });
  const broken = await redress(["audit", "verify"], environment);
  expect(broken).toMatchObject({ code: 1, out: expect.stringContaining(`Entry ${edited}: `) });
});

test.each([
  "sign-in",
  "sign-out",
  "whoami",
  "apps",
  "purchases",
  "refunds",
  "bulk",
  "approvals",
  "audit",
  "doctor",
])("%s --help has usage, examples and exit codes", async (name) => {
  const help = await redressHere([name, "--help"], {});
  expect([help.code, help.err]).toEqual([0, ""]);
  for (const part of ["Usage", "Example", "Exit codes"]) expect(help.out).toContain(part);
  for (const line of help.out.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
});
