import { existsSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { helps } from "@redress/cli/run";
import { expect, test } from "vitest";
import { type Page, readPages, repository } from "./pages.ts";
import { makeSite } from "./site/make-site.ts";

// Guarantee: the documentation builds, holds every page, and no link in it is dead.
const pages = readPages();
const openApi: unknown = JSON.parse(readFileSync(`${repository}apps/web/src/openapi/openapi.json`, "utf8"));
const hasFile = (path: string) =>
  existsSync(`${repository}${path}`) && statSync(`${repository}${path}`).isFile();
const site = makeSite({ pages, openApi, hasFile });

/** The site with one page changed. */
const deadLinksWith = (changed: Page) =>
  makeSite({
    pages: pages.map((page) => (page.path === changed.path ? changed : page)),
    openApi,
    hasFile,
  }).deadLinks;

test("no link is dead", () => {
  expect(site.deadLinks).toEqual([]);
});

test("every link of the built pages leads to a file of the site", () => {
  const there = new Set([...site.files.keys(), ...site.copied]);
  const missing: string[] = [];
  for (const [path, html] of site.files) {
    for (const [, href = ""] of html.matchAll(/ (?:href|src)="([^"#]+)[^"]*"/g)) {
      if (/^[a-z]+:/.test(href) || path === "api-reference.html") continue;
      const to = posix.join(posix.dirname(path), decodeURI(href));
      if (!there.has(to)) missing.push(`${path}: ${href}`);
    }
  }
  expect(missing).toEqual([]);
});

test("every page is in the site and in the side bar", () => {
  const start = site.files.get("index.html") ?? "";
  const side = start.slice(start.indexOf("<nav"), start.indexOf("</nav>"));
  const missing = pages
    .map(({ path }) => path.replace(/(^|\/)README\.md$/, "$1index.html").replace(/\.md$/, ".html"))
    .filter((address) => !site.files.has(address) || !side.includes(`"${address}"`));
  expect(missing).toEqual([]);
});

test("a new page in docs/ needs no line anywhere", () => {
  const added = { path: "docs/new.md", text: "# Something new\n\n[back](operators.md)\n" };
  const { files } = makeSite({ pages: [...pages, added], openApi, hasFile });
  expect(files.get("index.html")).toContain('<a href="docs/new.html">Something new</a>');
});

test("the reference of the command line is what its helps print, and that of REST has every path", () => {
  const commands = site.files.get("cli-reference.html") ?? "";
  for (const name of helps.keys()) expect(commands).toContain(`id="${name}"`);
  expect(site.files.get("api-reference.html")).toContain("/api/v1/refunds");
});

test.each([
  ["[gone](gone.md)", "docs/cli.md: gone.md leads to no file"],
  ["[gone](operators.md#gone)", "docs/cli.md: operators.md#gone leads to no heading"],
  ["[gone](#gone)", "docs/cli.md: #gone leads to no heading"],
  ["![gone](screens/gone.png)", "docs/cli.md: screens/gone.png leads to no file"],
])("a dead link is found: %s", (link, sentence) => {
  const text = `${pages.find(({ path }) => path === "docs/cli.md")?.text}\n${link}\n`;
  expect(deadLinksWith({ path: "docs/cli.md", text })).toContain(sentence);
});

test("a heading that the side bar leads to is missed", () => {
  expect(deadLinksWith({ path: "docs/operators.md", text: "# For operators\n" })).toContain(
    "the side bar: docs/operators.md#when-something-is-wrong leads to no heading",
  );
});
