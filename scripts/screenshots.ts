import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { chromiumPath, launchChromium } from "../e2e/chromium.ts";
import { ada } from "./demo/people.ts";
import { say } from "./demo/report.ts";
import { tellStory } from "./demo/story.ts";
import { startWorld, type World } from "./demo/world.ts";

/**
 * `npm run screenshots`: a picture of each page, after the story, in docs/screens; with names of pages behind
 * `--`, of these only.
 */
const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
const folder = fileURLToPath(new URL("../docs/screens", import.meta.url));
const widths = [1280, 390] as const;
const themes = ["light", "dark"] as const;

/** Pages without a session first, then those of someone signed in. */
async function listPages(world: World): Promise<{ name: string; path: string; signedIn: boolean }[]> {
  const one = async (query: string) => (await world.database.query(query)).rows[0]?.id ?? "";
  const failed = await one("select id from refunds where status = 'failed' limit 1");
  const open = await one("select id from refunds where status = 'awaiting_approval' limit 1");
  const purchase = await one(
    `select p.id from purchases p join refunds r on r.purchase_id = p.id where r.amount = 2500 and r.status = 'succeeded' limit 1`,
  );
  const warned = await one("select purchase_id as id from refund_proposals limit 1");
  const told = await one("select id from notifications where type = 'refund.failed' limit 1");
  return [
    { name: "sign-in", path: "/sign-in", signedIn: false },
    { name: "needs-you", path: "/needs-you", signedIn: true },
    { name: "purchases", path: "/purchases", signedIn: true },
    { name: "purchase", path: `/purchases/${purchase}`, signedIn: true },
    { name: "purchase-warned", path: `/purchases/${warned}`, signedIn: true },
    { name: "refunds", path: "/refunds", signedIn: true },
    { name: "refund", path: `/refunds/${failed}`, signedIn: true },
    { name: "refund-awaiting", path: `/refunds/${open}`, signedIn: true },
    { name: "approvals", path: "/approvals", signedIn: true },
    { name: "reconciliation", path: "/reconciliation", signedIn: true },
    { name: "integrations", path: "/settings/integrations", signedIn: true },
    { name: "people", path: "/settings/people", signedIn: true },
    { name: "audit", path: "/audit", signedIn: true },
    { name: "events", path: "/events", signedIn: true },
    { name: "deliveries", path: "/deliveries", signedIn: true },
    { name: "delivery", path: `/deliveries/${told}`, signedIn: true },
  ];
}

async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(ada.email);
  await page.getByLabel("Password").fill(ada.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Refunds that no webhook told, and a comparison that finds them: what the page of reconciliation is for. */
async function compareBooks(world: World, context: BrowserContext): Promise<void> {
  const { admin, origin } = world.sandbox;
  const { accounts } = await admin.listAccounts();
  await admin.setDelivery({ mode: "drop" });
  for (const { accountId } of world.apps) {
    const secretKey = accounts.find(({ id }) => id === accountId)?.secretKey;
    const { rows } = await world.database.query(
      `select stripe_charge_id, amount_captured from purchases p where stripe_account_id = $1
        and not exists (select 1 from refunds where purchase_id = p.id) order by purchased_at limit 2`,
      [accountId],
    );
    for (const { stripe_charge_id: charge, amount_captured: amount } of rows) {
      await fetch(`${origin}/v1/refunds`, {
        method: "POST",
        headers: { authorization: `Bearer ${secretKey}` },
        body: new URLSearchParams({ charge, amount }),
      });
    }
  }
  await admin.setDelivery({ mode: "normal" });
  const page = await context.newPage();
  await signIn(page);
  await page.goto("/reconciliation");
  for (const { slug } of world.apps) {
    const row = page.locator(`[data-app="${slug}"]`);
    await row.getByRole("button", { name: "Compare now" }).click();
    await row.locator('[data-comparison="done"]:visible').waitFor({ timeout: 60_000 });
  }
  await failOne(world, page);
}

/** One of them fails after all, so that something needs a person. */
async function failOne(world: World, page: Page): Promise<void> {
  const { rows } = await world.database.query(
    `select stripe_refund_id, stripe_account_id from refunds
      where origin = 'stripe' and status = 'succeeded' limit 1`,
  );
  for (const { stripe_refund_id: refund, stripe_account_id: account } of rows) {
    await world.sandbox.admin.advanceRefund(refund, { account, status: "failed" });
  }
  await page.goto("/needs-you");
  await page.locator('[data-alert="failed"]').waitFor({ timeout: 60_000 });
  await warnOfOne(world, page);
  await page.close();
}

/** A bank suspects fraud, so that a refund is proposed. */
async function warnOfOne(world: World, page: Page): Promise<void> {
  const { rows } = await world.database.query(
    `select stripe_charge_id, stripe_account_id from purchases p
      where not exists (select 1 from refunds where purchase_id = p.id) and customer_name ~ '^[A-Za-z ]+$'
      order by purchased_at desc limit 1`,
  );
  for (const { stripe_charge_id: charge, stripe_account_id: account } of rows) {
    await world.sandbox.admin.createEarlyFraudWarning({
      account,
      charge,
      fraud_type: "made_with_stolen_card",
    });
  }
  await page.goto("/needs-you");
  await page.locator("[data-proposal]").waitFor({ timeout: 60_000 });
}

/** Somebody stops the refunds of an app, which every page says from then on: the last pictures. */
async function stopOne(world: World, page: Page): Promise<void> {
  const card = page.locator(`[data-app="${world.apps[0]?.slug}"]`);
  await page.goto("/settings/integrations");
  await card.getByText("Stop all refunds", { exact: true }).click();
  await card.getByLabel("Why").fill("A key of the support agent was in a public log.");
  await card.getByRole("button", { name: /^Stop all refunds of/ }).click();
  await page.getByText("are stopped.").waitFor();
}

if (chromiumPath === null) throw new Error("Install Chromium first, e.g. apt-get install chromium.");
await mkdir(folder, { recursive: true });
const world = await startWorld({ say, anyPorts: true });
const browser = await launchChromium(chromiumPath);
try {
  // The page of the first visit is gone once somebody has made it.
  await eachView(async (page, suffix) => {
    await page.goto("/setup");
    if (isWanted("setup")) await page.screenshot({ path: `${folder}/setup-${suffix}.png` });
  });
  const { askForMore } = await tellStory(world);
  await askForMore();
  const asAda = await browser.newContext({ baseURL: world.redress.url });
  await compareBooks(world, asAda);
  await asAda.close();
  const pages = await listPages(world);
  await eachView(async (page, suffix) => {
    for (const { name, path, signedIn } of pages.filter((each) => isWanted(each.name))) {
      if (signedIn && (await page.context().cookies()).length === 0) await signIn(page);
      await page.goto(path);
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: `${folder}/${name}-${suffix}.png` });
    }
  });
  if (isWanted("stopped")) {
    let isStopped = false;
    await eachView(async (page, suffix) => {
      await signIn(page);
      if (!isStopped) await stopOne(world, page);
      isStopped = true;
      await page.goto("/purchases");
      await page.screenshot({ path: `${folder}/stopped-${suffix}.png` });
    });
  }
  const rows = [{ name: "setup" }, ...pages, { name: "stopped" }].map(({ name }) => {
    const cells = themes.flatMap((theme) =>
      widths.map((width) => `![${name}, ${width} px, ${theme}](${name}-${width}-${theme}.png)`),
    );
    return `## ${name}\n\n| 1280 light | 390 light | 1280 dark | 390 dark |\n| --- | --- | --- | --- |\n| ${cells.join(" | ")} |\n`;
  });
  await writeFile(
    `${folder}/README.md`,
    `# Screens\n\nMade by \`npm run screenshots\` after the demo's story.\n\n${rows.join("\n")}`,
  );
} finally {
  await browser.close();
  await world.close();
}

/** A fresh browser session in each theme and at each width. */
async function eachView(look: (page: Page, suffix: string) => Promise<void>): Promise<void> {
  for (const theme of themes) {
    for (const width of widths) {
      const context = await browser.newContext({
        baseURL: world.redress.url,
        colorScheme: theme,
        viewport: { width, height: width === 390 ? 844 : 800 },
      });
      await look(await context.newPage(), `${width}-${theme}`);
      await context.close();
    }
  }
}
