import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { chromiumPath, launchChromium } from "../e2e/chromium.ts";
import { ada } from "./demo/people.ts";
import { say } from "./demo/report.ts";
import { tellStory } from "./demo/story.ts";
import { startWorld, type World } from "./demo/world.ts";

/** `npm run screenshots`: a picture of each page, after the story, in docs/screens. */
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
  return [
    { name: "sign-in", path: "/sign-in", signedIn: false },
    { name: "purchases", path: "/purchases", signedIn: true },
    { name: "purchase", path: `/purchases/${purchase}`, signedIn: true },
    { name: "refunds", path: "/refunds", signedIn: true },
    { name: "refund", path: `/refunds/${failed}`, signedIn: true },
    { name: "refund-awaiting", path: `/refunds/${open}`, signedIn: true },
    { name: "approvals", path: "/approvals", signedIn: true },
    { name: "integrations", path: "/settings/integrations", signedIn: true },
    { name: "people", path: "/settings/people", signedIn: true },
    { name: "audit", path: "/audit", signedIn: true },
    { name: "events", path: "/events", signedIn: true },
  ];
}

async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(ada.email);
  await page.getByLabel("Password").fill(ada.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

if (chromiumPath === null) throw new Error("Install Chromium first, e.g. apt-get install chromium.");
await mkdir(folder, { recursive: true });
const world = await startWorld({ say, anyPorts: true });
const browser = await launchChromium(chromiumPath);
try {
  // The page of the first visit is gone once somebody has made it.
  await eachView(async (page, suffix) => {
    await page.goto("/setup");
    await page.screenshot({ path: `${folder}/setup-${suffix}.png` });
  });
  const { askForMore } = await tellStory(world);
  await askForMore();
  const pages = await listPages(world);
  await eachView(async (page, suffix) => {
    for (const { name, path, signedIn } of pages) {
      if (signedIn && (await page.context().cookies()).length === 0) await signIn(page);
      await page.goto(path);
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: `${folder}/${name}-${suffix}.png` });
    }
  });
  const rows = [{ name: "setup" }, ...pages].map(({ name }) => {
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
