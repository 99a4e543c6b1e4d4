import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { chromiumPath, launchChromium } from "../e2e/chromium.ts";
import { say } from "./demo/report.ts";
import { tellStory } from "./demo/story.ts";
import { startWorld, type World } from "./demo/world.ts";
import { askForList, fillSettings, tryDraft } from "./screenshot-settings.ts";
import { compareBooks, signIn, stopOne } from "./screenshot-story.ts";

/**
 * `npm run screenshots`: a picture of each page, after the story, in docs/screens; with names of pages behind
 * `--`, of these only.
 */
const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
const folder = fileURLToPath(new URL("../docs/screens", import.meta.url));
const widths = [1280, 390] as const;
const themes = ["light", "dark"] as const;

interface PictureOf {
  readonly name: string;
  readonly path: string;
  readonly signedIn: boolean;
  /** Of these docs/screens has the two views that differ most, and a run for their name alone makes all four. */
  readonly isPair?: boolean;
  readonly prepare?: (page: Page) => Promise<void>;
}

const pair = { signedIn: false, isPair: true } as const;
const inPair = (suffix: string) => suffix === "1280-light" || suffix === "390-dark";

/** Pages without a session first, then those of someone signed in. */
async function listPages(world: World): Promise<PictureOf[]> {
  const { invitation, slug } = await fillSettings(world);
  const policies = `/settings/policies?app=${slug}`;
  const setUp = `/settings/integrations/${slug}`;
  const one = async (query: string) => (await world.database.query(query)).rows[0]?.id ?? "";
  const failed = await one("select id from refunds where status = 'failed' limit 1");
  const open = await one("select id from refunds where status = 'awaiting_approval' limit 1");
  const purchase = await one(
    `select p.id from purchases p join refunds r on r.purchase_id = p.id where r.amount = 2500 and r.status = 'succeeded' limit 1`,
  );
  const warned = await one("select purchase_id as id from refund_proposals limit 1");
  const disputed = await one("select id from purchases where dispute_due_at is not null limit 1");
  const list = await askForList(world, slug);
  const told = await one("select id from notifications where type = 'refund.failed' limit 1");
  return [
    { name: "sign-in", path: "/sign-in", signedIn: false },
    { ...pair, name: "sign-in-code", path: "/sign-in/code" },
    { ...pair, name: "forgot-password", path: "/forgot-password" },
    { ...pair, name: "reset-password", path: "/reset-password?token=for-the-picture-only" },
    { ...pair, name: "invitation", path: invitation },
    { ...pair, name: "reference", path: "/api/v1/reference" },
    { name: "needs-you", path: "/needs-you", signedIn: true },
    { name: "purchases", path: "/purchases", signedIn: true },
    { name: "purchase", path: `/purchases/${purchase}`, signedIn: true },
    { name: "purchase-warned", path: `/purchases/${warned}`, signedIn: true },
    { ...pair, name: "purchase-disputed", path: `/purchases/${disputed}`, signedIn: true },
    { name: "refunds", path: "/refunds", signedIn: true },
    { name: "refund", path: `/refunds/${failed}`, signedIn: true },
    { name: "refund-awaiting", path: `/refunds/${open}`, signedIn: true },
    { name: "approvals", path: "/approvals", signedIn: true },
    { ...pair, name: "bulk-refunds", path: "/bulk-refunds", signedIn: true },
    { name: "bulk-refund", path: `/bulk-refunds/${list}`, signedIn: true },
    { ...pair, name: "disputes", path: "/disputes", signedIn: true },
    { name: "reconciliation", path: "/reconciliation", signedIn: true },
    { name: "integrations", path: "/settings/integrations", signedIn: true },
    { ...pair, name: "set-up", path: setUp, signedIn: true, prepare: async () => {} },
    { name: "people", path: "/settings/people", signedIn: true },
    { ...pair, name: "account", path: "/account", signedIn: true },
    { ...pair, name: "slack", path: "/settings/slack", signedIn: true },
    { ...pair, name: "keys", path: "/settings/keys", signedIn: true },
    { name: "health", path: "/settings/health", signedIn: true },
    { ...pair, name: "policies", path: policies, signedIn: true },
    { ...pair, name: "policy-draft", path: policies, signedIn: true, prepare: tryDraft },
    { name: "audit", path: "/audit", signedIn: true },
    { name: "events", path: "/events", signedIn: true },
    { name: "deliveries", path: "/deliveries", signedIn: true },
    { name: "delivery", path: `/deliveries/${told}`, signedIn: true },
  ];
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
    for (const { name, path, signedIn, isPair, prepare } of pages.filter((each) => isWanted(each.name))) {
      if (isPair && wanted.length === 0 && !inPair(suffix)) continue;
      if (signedIn && (await page.context().cookies()).length === 0) await signIn(page);
      await page.goto(path);
      await page.waitForLoadState("networkidle");
      await prepare?.(page);
      await page.screenshot({ path: `${folder}/${name}-${suffix}.png`, fullPage: prepare !== undefined });
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
  const listed: readonly Pick<PictureOf, "name" | "isPair">[] = [
    { name: "setup" },
    ...pages,
    { name: "stopped" },
  ];
  const rows = listed.map(({ name, isPair }) => {
    if (isPair) {
      return `## ${name}\n\n| 1280 light | 390 dark |\n| --- | --- |\n| ![${name}, 1280 px, light](${name}-1280-light.png) | ![${name}, 390 px, dark](${name}-390-dark.png) |\n`;
    }
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
