import { describe, expect, test } from "vitest";
import { faultsOf } from "./command-faults.ts";
import { blocksOf, inlineCommandsOf } from "./commands.ts";
import { readPages } from "./pages.ts";

// Guarantee: no page tells a reader to type a script, a command or an option that does not exist.
const pages = readPages().filter(({ path }) => path !== "CHANGELOG.md");
const named = pages
  .map((page) => {
    const inBlocks = blocksOf(page).flatMap(({ commands }) => commands);
    return { page: page.path, commands: [...inBlocks, ...inlineCommandsOf(page)] };
  })
  .filter(({ commands }) => commands.length > 0);

test.each(named)("$page names commands that exist", async ({ commands }) => {
  const wrong: string[] = [];
  for (const command of commands) {
    for (const fault of await faultsOf(command)) wrong.push(`${command}: ${fault}`);
  }
  expect(wrong).toEqual([]);
});

test("commands were found at all", () => {
  expect(named.flatMap(({ commands }) => commands).length).toBeGreaterThan(100);
});

describe("what is misspelt is found", () => {
  test.each([
    ["npm run demmo", 'There is no script "demmo".'],
    ["npm ci && npm run demo -- --onse", "--onse"],
    ["npm run redress -- reconsile --all", 'There is no command "reconsile".'],
    ["npm run --silent redress -- refunds reqest pur_…", 'There is no "refunds reqest".'],
    ["redress events list --staus failed", "events has no option --staus."],
    ["DATABASE_URL=x npm run redress -- audit verify --alon", "audit has no option --alon."],
    ["npm run simulate -- [--seds 100]", "--seds"],
    ["npm run bench -- webhook", "webhook"],
    ["npm run build -w @redress/sdc", 'There is no script "build".'],
    ["PORT=1 npm start -w @redress/sdk", 'There is no script "start".'],
    ["npx vitest run packages/stripe-sandbox/contrakt", "There is no packages/stripe-sandbox/contrakt."],
  ])("%s", async (command, sentence) => {
    expect((await faultsOf(command)).join("\n")).toContain(sentence);
  });
});
