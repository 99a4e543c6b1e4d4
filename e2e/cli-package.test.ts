import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startDesk } from "../apps/web/src/testing/desk.ts";
import { onSandbox } from "../apps/web/src/testing/on-sandbox.ts";
import { buildWeb } from "../scripts/build-web.ts";

// Guarantee: what `npm pack` makes of the command line works with a running desk from an empty folder, on Node alone.
const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "packages/cli");
const require = createRequire(import.meta.url);
let home: string;
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
const { connectedApp } = onSandbox(() => ({ sandbox, desk }));

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "redress-cli-package-"));
  const pack = [require.resolve("tsx/cli"), join(root, "scripts/pack-package.ts"), source];
  execFileSync(process.execPath, pack, { stdio: "pipe" });
  const [{ filename }] = z
    .tuple([z.object({ filename: z.string() })])
    .parse(JSON.parse(npm("pack", join(source, "dist"), "--json")));
  expect(readFileSync(join(source, "README.md"), "utf8")).toContain(`./${filename}`);
  npm("install", `./${filename}`, "--offline", "--no-audit", "--no-fund");
  // Node and nothing else: no tsx, no npm.
  mkdirSync(join(home, "path"));
  symlinkSync(process.execPath, join(home, "path/node"));
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
  rmSync(home, { recursive: true, force: true });
});

function npm(...words: string[]): string {
  return execFileSync("npm", words, { cwd: home, encoding: "utf8" });
}

async function redress(words: string[], environment: Record<string, string> = {}, input = "") {
  // The file itself, as a shell finds it: `env` stands in /usr/bin.
  const child = spawn(join(home, "node_modules/.bin/redress"), words, {
    cwd: home,
    env: { NODE_ENV: "test", PATH: join(home, "path"), XDG_CONFIG_HOME: home, ...environment },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { code, out, err };
}

test("it brings nothing along but itself, and the licences of what is in it", () => {
  const installed = join(home, "node_modules");
  expect(readdirSync(installed).filter((name) => !name.startsWith("."))).toEqual(["@redress"]);
  expect(readdirSync(join(installed, "@redress"))).toEqual(["cli"]);
  const licences = readFileSync(join(installed, "@redress/cli/LICENSES-OF-OTHERS.txt"), "utf8");
  expect(licences).toMatch(/^== zod$/m);
});

test("signs in, asks for a refund and sees it waiting; its help names it as it is called here", async () => {
  const app = await connectedApp("packed-cli");
  const admin = await desk.operator("admin");
  const made = await admin.client.post("/api/v1/keys", { name: "Packed", ratePerMinute: 600 });
  const { secret } = made.as(z.object({ secret: z.string() }));
  const signedIn = await redress(["sign-in", "--url", desk.url], {}, `${secret}\n`);
  expect(signedIn).toMatchObject({ code: 0, err: "" });
  expect(await redress(["doctor"])).toMatchObject({ code: 0, err: "" });

  const found = await redress(["purchases", "find", app.chargeId, "--json"]);
  expect(JSON.parse(found.out)).toMatchObject({ purchases: [{ id: app.purchaseId, amountLeft: 10_000 }] });
  const asked = await redress(["refunds", "request", app.purchaseId, "--request-id", "ticket-1", "--json"]);
  expect(JSON.parse(asked.out)).toMatchObject({ refund: { status: "awaiting_approval" } });
  expect((await redress(["approvals", "list"])).out).toContain(app.purchaseId);

  const help = await redress(["--help"]);
  expect([help.code, help.out]).toEqual([0, expect.stringContaining("\n  redress <command> [options]\n")]);
});

test("carries MCP for a program that starts commands", async () => {
  const admin = await desk.operator("admin");
  const made = await admin.client.post("/api/v1/keys", { name: "Agent", ratePerMinute: 600 });
  const { secret } = made.as(z.object({ secret: z.string() }));
  const message = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };
  const environment = { REDRESS_KEY: secret, REDRESS_URL: desk.url };
  const answer = await redress(["mcp"], environment, `${JSON.stringify(message)}\n`);
  expect(answer).toMatchObject({ code: 0, out: expect.stringContaining('"processRefund"') });
});

test("what works on the desk's database says where it runs, and begins nothing", async () => {
  for (const words of [
    ["reconcile", "--all"],
    ["secrets", "reseal"],
    ["purchases", "import"],
    ["doctor", "--server"],
  ]) {
    const refused = await redress(words);
    expect(refused, words.join(" ")).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("it runs where the desk does"),
    });
  }
});
