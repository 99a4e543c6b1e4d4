import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemActor } from "@redress/core/actor";
import { stripeEvents } from "@redress/database";
import { startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { vi } from "vitest";
import { addOperator } from "../../apps/web/src/auth/add-operator.ts";
import { startDesk } from "../../apps/web/src/testing/desk.ts";
import { onSandbox } from "../../apps/web/src/testing/on-sandbox.ts";
import { type Shell, scratchShell } from "./scratch-shell.ts";

type Sandbox = Awaited<ReturnType<typeof startSandbox>>;
type Desk = Awaited<ReturnType<typeof startDesk>>;
type Shop = Awaited<ReturnType<ReturnType<typeof onSandbox>["connectedApp"]>>;
interface Scene {
  readonly sandbox: Sandbox;
  readonly desk: Desk;
  readonly shop: Shop;
}

/** Who signs in where a page does; the demo's password, with every right. */
const sam = { name: "Sam", email: "sam@redress.example", password: "sam-asks-for-refunds" };

/** The real desk with what the pages' commands speak of, and a shell to run them in. */
export async function startScratchDesk() {
  const folder = await mkdtemp(join(tmpdir(), "redress-docs-"));
  const anchors = join(folder, "anchors");
  const sandbox = await startSandbox();
  const desk = await startDesk(sandbox, { env: { AUDIT_ANCHOR_DIR: anchors } });
  const shop = await onSandbox(() => ({ sandbox, desk })).connectedApp("my-shop");
  const scene = { sandbox, desk, shop };
  const shell = scratchShell(folder, { DESK: desk.url, ...desk.env });
  await addOperator(desk.dependencies, {
    ...sam,
    role: "admin",
    actor: systemActor("test"),
    correlationId: "cor_test",
  });
  await writeFile(join(folder, "workshop.csv"), `purchase\n${await addPurchase(scene)}\n`);
  await signIn(shell);
  const { client } = await desk.operator("admin");
  const key = found(await client.post("/api/v1/keys", { name: "Support bot" }), /"secret":"([^"]+)"/);
  const asked = await client.post("/api/v1/refunds", { purchaseId: await addPurchase(scene) });
  const stands = [
    ...standsOfScene(scene),
    ["/mnt/anchors", anchors],
    ["MCowBQ…", await publicKeyOf(shell)],
    ["rfd_…", found(asked, /"(rfd_\w+)"/)],
    ["evt_…", await chargeEvent(scene)],
  ] as const;

  return {
    /** Runs the commands of a block in order, on a purchase of its own; the agent's key is on standard input. */
    async run(commands: readonly string[]) {
      const purchaseId = await addPurchase(scene);
      const all = [...stands, ["pur_…", purchaseId], ["ticket-4711", `ticket-${purchaseId}`]] as const;
      const lines = commands.map((command) =>
        all.reduce((text, [from, to]) => text.replaceAll(from, to), command),
      );
      return shell(lines, `${key}\n`);
    },
    async close() {
      await desk.close();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a page writes as an example → what it is here. */
function standsOfScene({ desk, sandbox, shop }: Scene): (readonly [RegExp | string, string])[] {
  const now = Date.now();
  return [
    ["postgres://auditor@…", desk.env.DATABASE_URL],
    ["acct_…", shop.account],
    ["https://refunds.example.com", desk.url],
    ["http://127.0.0.1:3000", desk.url],
    ["localhost:4010", sandbox.origin.replace("http://", "")],
    // Stripe keeps its events for 30 days: yesterday for every day, this month for every month.
    [/\b20\d\d-\d\d-\d\d/g, new Date(now - 24 * 3_600_000).toISOString().slice(0, 10)],
    [/\b20\d\d-\d\d(?!-|\d)/g, new Date(now).toISOString().slice(0, 7)],
  ];
}

/** A purchase of a real charge, that has told no webhook. */
async function addPurchase({ sandbox, desk, shop }: Scene): Promise<string> {
  const money = { amount: 10_000, currency: "eur" };
  const charge = await sandbox.admin.createCharge({ account: shop.account, ...money, silent: true });
  return desk.purchase(shop.id, {
    stripeChargeId: charge.id,
    stripeAccountId: shop.account,
    currency: money.currency,
    customerEmail: "lin@example.com",
  });
}

/** Signs in for the blocks that begin with `-b jar`. */
async function signIn(shell: Shell): Promise<void> {
  const { code, said } = await shell([
    `curl -c jar -H "Origin: $DESK" -H 'content-type: application/json' -d '${JSON.stringify(sam)}' $DESK/api/auth/sign-in/email`,
  ]);
  // Without curl its blocks are skipped.
  if (code !== 0 && code !== 127) throw new Error(said);
}

async function publicKeyOf(shell: Shell): Promise<string> {
  const { said } = await shell(["npm run redress -- audit anchor --json"]);
  return found({ text: said }, /"publicKey": "([^"]+)"/);
}

/** A charge in the account, told by a webhook. */
async function chargeEvent({ sandbox, desk, shop }: Scene): Promise<string> {
  await sandbox.admin.createCharge({ account: shop.account, amount: 4_900, currency: "eur" });
  const events = () =>
    desk.dependencies.database.select().from(stripeEvents).where(eq(stripeEvents.type, "charge.succeeded"));
  return vi.waitFor(
    async () => {
      const [event] = await events();
      if (event === undefined) throw new Error("No event of the sandbox has arrived.");
      return event.id;
    },
    { timeout: 30_000 },
  );
}

/** The first match in an answer. */
function found({ text }: { readonly text: string }, what: RegExp): string {
  const value = what.exec(text)?.[1];
  if (value === undefined) throw new Error(`${what} is not in ${text}`);
  return value;
}
