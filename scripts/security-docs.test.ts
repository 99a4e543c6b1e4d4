import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

// A threat model whose proofs were renamed or removed proves nothing: each file and test that these pages name is there.
const root = fileURLToPath(new URL("..", import.meta.url));
const pages = ["docs/security.md", "docs/secrets.md", "docs/asvs.md"];

/** What stands before a path in the pages. */
const folders: Readonly<Record<string, string>> = {
  core: "packages/core/src",
  web: "apps/web/src",
  app: "apps/web/app",
  database: "packages/database/src",
  sdk: "packages/sdk/src",
  cli: "packages/cli/src",
};

function pathOf(named: string): string {
  const [first = "", ...rest] = named.split("/");
  const folder = folders[first];
  return `${root}${folder === undefined ? named : [folder, ...rest].join("/")}`;
}

/** `path.test.ts`: "title", "title" */
const proof = /`([^`\s]+\.test\.ts)`:((?:,? ?"[^"]+")+)/g;
const sourceFile = /`([\w.()[\]-]+\/[^`\s*…]+\.(?:ts|tsx|md))`/g;

describe.each(pages)("%s", (page) => {
  it("names files that are there", async () => {
    const text = await readFile(`${root}${page}`, "utf8");
    const named = [...text.matchAll(sourceFile)].map(([, path = ""]) => path);
    expect(named.filter((path) => !existsSync(pathOf(path)))).toEqual([]);
  });

  it("names tests that are there", async () => {
    const text = await readFile(`${root}${page}`, "utf8");
    const missing: string[] = [];
    for (const [, path = "", titles = ""] of text.matchAll(proof)) {
      const source = await readFile(pathOf(path), "utf8").catch(() => "");
      for (const [, title = ""] of titles.matchAll(/"([^"]+)"/g)) {
        if (!['"', "'", "`"].some((quote) => source.includes(`${quote}${title}${quote}`)))
          missing.push(`${path}: ${title}`);
      }
    }
    expect(missing).toEqual([]);
  });
});

it("the threat model names a proof or says that there is none, in every row", async () => {
  const text = await readFile(`${root}docs/security.md`, "utf8");
  const attacks = text.slice(text.indexOf("## Attacks and answers"), text.indexOf("## What is not defended"));
  const rows = attacks.split("\n").filter((line) => line.startsWith("| ") && !/^\| (attack|---)/.test(line));
  expect(rows.length).toBeGreaterThan(60);
  expect(rows.filter((row) => !/\.test\.ts`: "|\*\*(not proven|not defended|no limit)/.test(row))).toEqual(
    [],
  );
});
