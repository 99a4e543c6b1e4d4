import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { version as deskVersion } from "../../apps/web/src/version.ts";

// Guarantee: desk, command line and SDK of one release have one version, and a change can be released without a network.
const root = fileURLToPath(new URL("../..", import.meta.url));
const manifests = ["packages", "apps", "examples"].flatMap((parent) =>
  readdirSync(`${root}${parent}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) =>
      z
        .object({ name: z.string(), version: z.string() })
        .parse(JSON.parse(readFileSync(`${root}${parent}/${name}/package.json`, "utf8"))),
    ),
);

test("all packages have one version, and the desk says it", () => {
  expect(manifests.filter(({ version }) => version !== deskVersion)).toEqual([]);
});

test.each(["packages/cli/src/remote/doctor.ts", "apps/web/src/mcp/answer-mcp.ts"])(
  "%s says it too",
  (path) => {
    expect(readFileSync(`${root}${path}`, "utf8")).toContain(`"${deskVersion}"`);
  },
);

const changesets = readdirSync(`${root}.changeset`).filter(
  (name) => name.endsWith(".md") && name !== "README.md",
);

test("each changeset names packages that are there, and how far they move", () => {
  const names = new Set(manifests.map(({ name }) => name));
  const wrong = changesets.filter((file) => {
    const text = readFileSync(`${root}.changeset/${file}`, "utf8");
    const head = /^---\n(.+?)\n---\n\n\S/s.exec(text)?.[1]?.split("\n") ?? [""];
    return !head.every((line) => {
      const [, name = ""] = /^"([^"]+)": (?:major|minor|patch)$/.exec(line) ?? [];
      return names.has(name);
    });
  });
  expect(wrong).toEqual([]);
});

test("the program that releases reads its configuration", () => {
  const program = `${root}node_modules/@changesets/cli/bin.js`;
  // Since this very commit: a clone may have no branch to compare with.
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "status", "--since", "HEAD"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
});
