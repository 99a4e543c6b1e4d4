import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { purchases } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { startDesk } from "../apps/web/src/testing/desk.ts";
import { onSandbox } from "../apps/web/src/testing/on-sandbox.ts";
import { buildWeb } from "../scripts/build-web.ts";
import { holdPort } from "../scripts/free-port.ts";

// Guarantee: an app that does what the SDK's README says, and nothing else, is told of a refund by a real desk and
// closes what the customer bought. Its files and commands are read from the README, in their order.
const root = fileURLToPath(new URL("..", import.meta.url));
const sdk = join(root, "packages/sdk");
const readme = readFileSync(join(sdk, "README.md"), "utf8");
const require = createRequire(import.meta.url);
const soon = { timeout: 60_000, interval: 200 };

let home: string;
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let shop: ChildProcess | undefined;
const { connectedApp } = onSandbox(() => ({ sandbox, desk }));

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "redress-readme-"));
  install();
  for (const [, file = "", code = ""] of readme.matchAll(/```ts file=(\S+)\n([\s\S]*?)```/g)) {
    writeFileSync(join(home, file), code);
  }
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox, { env: { REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS: "true" } });
}, 240_000);
afterAll(async () => {
  shop?.kill();
  await desk?.close();
  await sandbox?.close();
  rmSync(home, { recursive: true, force: true });
});

/** What `npm install` of the README puts there; the rest is linked from here, since tests need no registry. */
function install(): void {
  execFileSync(process.execPath, [require.resolve("tsx/cli"), join(root, "scripts/pack-package.ts"), sdk], {
    stdio: "pipe",
  });
  const answer = execFileSync("npm", ["pack", join(sdk, "dist"), "--json"], { cwd: home, encoding: "utf8" });
  const packed = z.tuple([z.object({ filename: z.string() })]);
  const [{ filename }] = packed.parse(JSON.parse(answer));
  expect(readme).toContain(`npm install ./${filename}`);
  execFileSync("tar", ["-xzf", filename], { cwd: home });
  const modules = join(home, "node_modules");
  mkdirSync(join(modules, "@redress"), { recursive: true });
  cpSync(join(home, "package"), join(modules, "@redress/sdk"), { recursive: true });
  for (const name of ["zod", "express", "typescript", "@types", ".bin"]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  writeFileSync(join(home, "package.json"), "{}");
}

/** The README's commands that begin so, as they stand there. */
function commandsOf(start: RegExp): string[] {
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  return blocks.flatMap((block) => block.split("\n")).filter((line) => start.test(line));
}

const environment = { PATH: process.env.PATH ?? "", NODE_ENV: "test" as const };
/** Beside this process, which is the desk. */
async function inHome(command: string, env: Record<string, string> = {}): Promise<string> {
  const options = { cwd: home, env: { ...environment, ...env } };
  return (await promisify(execFile)("sh", ["-c", command], options)).stdout;
}

/** Starts the shop by the README's own line, with a secret and a port in place of the example's. */
async function startShop(secret: string): Promise<string> {
  const held = await holdPort(30_000 + (process.pid % 10_000));
  await held.release();
  const [line = ""] = commandsOf(/node out\/server\.js$/);
  const command = line.replace("whsec_…", secret).replace("PORT=4000", `PORT=${held.port}`);
  expect(command).toContain(secret);
  shop = spawn("sh", ["-c", `${command.replace(" node ", " exec node ")}`], { cwd: home, env: environment });
  const url = `http://127.0.0.1:${held.port}`;
  await vi.waitFor(async () => expect((await fetch(`${url}/courses/any`)).status).toBe(200), soon);
  return url;
}

test("a fresh app with the README's steps is pinged, told of a refund, and closes the course", {
  timeout: 240_000,
}, async () => {
  const commands = commandsOf(/npm pkg set|^npx tsc|^node --test/);
  expect(commands).toHaveLength(4);
  for (const command of commands) {
    await inHome(command.replace("npm init -y && ", ""));
  }
  const app = await connectedApp("type-school");
  const { client: admin } = await desk.operator("admin", "type-school");
  const { client: approver } = await desk.operator("approver", "type-school");
  const path = "/api/v1/apps/type-school";
  const made = await admin.post(`${path}/notification-secret`, {});
  const { notificationSecret } = made.as(z.object({ notificationSecret: z.string() }));
  const url = await startShop(notificationSecret);
  const isOpen = async () => (await fetch(`${url}/courses/${app.chargeId}`)).status === 200;
  await admin.send("PATCH", path, { notificationUrl: `${url}/redress` });
  expect(JSON.parse((await admin.post(`${path}/ping`)).text)).toMatchObject({ ping: { ok: true } });

  // Step 2 of the README: the app reports what was bought.
  const { database } = desk.dependencies;
  const known = { stripePaymentIntentId: "pi_readme" };
  await database.update(purchases).set(known).where(eq(purchases.id, app.purchaseId));
  const script = `import { reportOrder } from "./out/report.js"; console.log(await reportOrder("pi_readme"));`;
  const reporting = { REDRESS_URL: desk.url, REDRESS_SECRET: notificationSecret, SCRIPT: script };
  const reported = await inHome('node --input-type=module -e "$SCRIPT"', reporting);
  expect(reported.trim()).toBe("true");

  expect(await isOpen()).toBe(true);
  const asked = await admin.post("/api/v1/refunds", { purchaseId: app.purchaseId });
  const { refund } = asked.as(z.object({ refund: z.object({ id: z.string() }) }));
  expect((await approver.post(`/api/v1/refunds/${refund.id}/approve`)).status).toBe(200);
  await vi.waitFor(async () => {
    const page = (await approver.get(`/refunds/${refund.id}`)).text.replaceAll("<!-- -->", "");
    expect(page).toContain("App says: access revoked");
  }, soon);
  expect(await isOpen()).toBe(false);
  const { text } = await approver.get("/api/v1/deliveries?app=type-school");
  expect(JSON.parse(text)).toMatchObject({
    deliveries: [{ type: "refund.succeeded", access: "revoke", state: "done" }, { type: "ping" }],
  });
  const purchase = (await approver.get(`/api/v1/purchases/${app.purchaseId}`)).text;
  expect(JSON.parse(purchase)).toMatchObject({
    purchase: { access: "revoked", productName: "Advanced Types", orderNumber: "TS-1042" },
  });
  expect(shop?.exitCode).toBeNull();
  const ended = shop && once(shop, "exit");
  shop?.kill();
  await ended;
});
