import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWeb } from "../build-web.ts";
import { blocksOf } from "./commands.ts";
import { notRun } from "./not-run.ts";
import { readPages } from "./pages.ts";
import { startScratchDesk } from "./scratch-desk.ts";

// Guarantee: what a page tells to paste into a shell works, in the order of the pages, against a real desk.
let desk: Awaited<ReturnType<typeof startScratchDesk>>;
beforeAll(async () => {
  await buildWeb(() => undefined);
  desk = await startScratchDesk();
}, 300_000);
afterAll(() => desk?.close());

const isLeftOut = (page: string, command: string) =>
  notRun.some((one) => one.page === page && command.startsWith(one.command));
const hasCurl = spawnSync("curl", ["--version"]).status === 0;
const blocks = readPages()
  .flatMap(blocksOf)
  .map(({ page, commands }) => ({
    page,
    commands: commands.filter((command) => !isLeftOut(page, command)),
  }))
  .filter(({ commands }) => commands.length > 0)
  .map((block) => ({ ...block, first: block.commands[0] ?? "" }));

for (const { page, first, commands } of blocks) {
  const needsCurl = commands.some((command) => command.startsWith("curl"));
  test.skipIf(needsCurl && !hasCurl)(`${page}: ${first}`, { timeout: 120_000 }, async () => {
    const { code, said } = await desk.run(commands);
    expect(code, said).toBe(0);
  });
}

test("a command that fails is seen", async () => {
  expect(await desk.run(["npm run redress -- refunds show rfd_none", "true"])).not.toMatchObject({ code: 0 });
  expect(await desk.run(["npm run redress -- events lst", "true"])).toMatchObject({ code: 2 });
});

test("what is left out stands in its page still, and there are blocks that are run", () => {
  const pages = readPages();
  const commands = pages
    .flatMap(blocksOf)
    .flatMap(({ page, commands: all }) => all.map((command) => ({ page, command })));
  const gone = notRun
    .filter((one) => pages.some(({ path }) => path === one.page))
    .filter(
      (one) => !commands.some(({ page, command }) => page === one.page && command.startsWith(one.command)),
    );
  expect(gone).toEqual([]);
  expect(blocks.length).toBeGreaterThanOrEqual(8);
});
