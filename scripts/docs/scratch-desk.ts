import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { systemActor } from "@redress/core/actor";
import { stripeEvents } from "@redress/database";
import { startSandbox } from "@redress/stripe-sandbox";
import { addOperator } from "../../apps/web/src/auth/add-operator.ts";
import { startDesk } from "../../apps/web/src/testing/desk.ts";
import { onSandbox } from "../../apps/web/src/testing/on-sandbox.ts";
import { repository } from "./pages.ts";

/** `npm run redress` in the scratch folder, and a curl that minds the status. All else of npm is refused. */
const preamble = `
npm() {
  [ "$1" = run ] && shift || return 64
  [ "$1" = --silent ] && shift
  [ "$1 $2" = "redress --" ] && shift 2 || return 64
  command node --import "$TSX" "$MAIN" "$@"
}
curl() { command curl --silent --show-error --fail-with-body "$@"; }
`;
const agentOfTests = { name: "Support bot", ratePerMinute: 6000 };

/** The real desk with what the pages' commands speak of, and a shell to run them in. */
export async function startScratchDesk() {
  const folder = await mkdtemp(join(tmpdir(), "redress-docs-"));
  const sandbox = await startSandbox();
  const anchors = join(folder, "anchors");
  const desk = await startDesk(sandbox, { env: { AUDIT_ANCHOR_DIR: anchors } });
  const shop = await onSandbox(() => ({ sandbox, desk })).connectedApp("my-shop");
  const admin = await desk.operator("admin");
  const person = { name: "Sam", email: "sam@redress.example", password: "sam-asks-for-refunds" };
  await addOperator(desk.dependencies, {
    ...person,
    role: "admin",
    actor: systemActor("test"),
    correlationId: "cor_test",
  });
  const purchaseId = await addPurchase();
  const asked = await ask(await addPurchase());
  const key = found(await admin.client.post("/api/v1/keys", agentOfTests), /"secret":"([^"]+)"/);
  await writeFile(join(folder, "workshop.csv"), `purchase\n${await addPurchase()}\n`);

  async function addPurchase(): Promise<string> {
    const charge = await sandbox.admin.createCharge({
      account: shop.account,
      amount: 10_000,
      currency: "eur",
      silent: true,
    });
    return desk.purchase(shop.id, {
      stripeChargeId: charge.id,
      stripeAccountId: shop.account,
      currency: "eur",
      customerEmail: "lin@example.com",
    });
  }

  async function ask(purchase: string): Promise<string> {
    return found(await admin.client.post("/api/v1/refunds", { purchaseId: purchase }), /"(rfd_\w+)"/);
  }

  /** A charge in the account, told by a webhook: what an event in a page stands for. */
  async function eventId(): Promise<string> {
    await sandbox.admin.createCharge({ account: shop.account, amount: 4_900, currency: "eur" });
    for (let looked = 0; looked < 200; looked += 1) {
      const [event] = await desk.dependencies.database.select().from(stripeEvents).limit(1);
      if (event) return event.id;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("No event of the sandbox has arrived.");
  }

  const environment = {
    NODE_ENV: "test",
    PATH: process.env.PATH,
    TSX: pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href,
    MAIN: join(repository, "packages/cli/src/main.ts"),
    XDG_CONFIG_HOME: folder,
    DESK: desk.url,
    ...desk.env,
  };

  /** Runs lines in one bash, which ends at the first that fails; an agent's key is on standard input. */
  async function shell(lines: readonly string[]) {
    const text = `${preamble}\n${lines.join("\n")}\n`;
    const child = spawn("bash", ["-euo", "pipefail", "-c", text], { cwd: folder, env: environment });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(String(chunk)));
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${key}\n`);
    const [code] = await once(child, "close");
    return { code, said: said.join("") };
  }

  const anchored = await shell(["npm run redress -- audit anchor --json"]);
  const publicKey = /"publicKey": "([^"]+)"/.exec(anchored.said)?.[1] ?? anchored.said;
  const event = await eventId();
  const day = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10);
  /** What a page writes as an example → what it is here. */
  const stands: readonly (readonly [RegExp | string, string])[] = [
    ["postgres://auditor@…", desk.env.DATABASE_URL],
    ["MCowBQ…", publicKey],
    ["/mnt/anchors", anchors],
    ["pur_…", purchaseId],
    ["rfd_…", asked],
    ["evt_…", event],
    ["acct_…", shop.account],
    ["https://refunds.example.com", desk.url],
    ["http://127.0.0.1:3000", desk.url],
    ["localhost:4010", sandbox.origin.replace("http://", "")],
    [/\b20\d\d-\d\d-\d\d/g, day],
    [/\b20\d\d-\d\d(?!-|\d)/g, new Date().toISOString().slice(0, 7)],
  ];

  return {
    /** Signs an administrator in for the cookies of the blocks that begin with `-b jar`. */
    signIn: () =>
      shell([
        `curl -c jar -H "Origin: $DESK" -H 'content-type: application/json' -d '${JSON.stringify(person)}' $DESK/api/auth/sign-in/email`,
      ]),
    run: (commands: readonly string[]) =>
      shell(
        commands.map((command) => stands.reduce((text, [from, to]) => text.replaceAll(from, to), command)),
      ),
    async close() {
      await desk.close();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The first match in an answer. */
function found({ text }: { readonly text: string }, what: RegExp): string {
  const value = what.exec(text)?.[1];
  if (value === undefined) throw new Error(`${what} is not in ${text}`);
  return value;
}
