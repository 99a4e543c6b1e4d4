import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { chromiumPath, launchChromium } from "../e2e/chromium.ts";
import { say } from "./demo/report.ts";
import { tellStory } from "./demo/story.ts";
import { startWorld } from "./demo/world.ts";
import { listPages, type PictureOf, visit } from "./screenshot-pages.ts";
import { compareBooks, signIn, stopOne } from "./screenshot-story.ts";

/**
 * `npm run screenshots [-- names of pages] [--folder F] [--width N]`: a picture of each page, after the story, or of the
 * named ones, in docs/screens at 1280 and 390 px; at another width only into another folder.
 */
const { positionals: wanted, values } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: "string" }, width: { type: "string" } },
});
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
const documented = fileURLToPath(new URL("../docs/screens", import.meta.url));
const folder = values.folder ?? documented;
const widths = values.width === undefined ? [1280, 390] : [Number(values.width)];
if (values.width !== undefined && folder === documented)
  throw new Error("Name a --folder for another width.");
const themes = ["light", "dark"] as const;
const inPair = (suffix: string) => suffix === "1280-light" || suffix === "390-dark";

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
    for (const picture of pages.filter((each) => isWanted(each.name))) {
      const { name, signedIn, isPair, prepare } = picture;
      if (isPair && wanted.length === 0 && folder === documented && !inPair(suffix)) continue;
      if (signedIn && (await page.context().cookies()).length === 0) await signIn(page);
      await visit(page, picture);
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
  if (folder === documented)
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
