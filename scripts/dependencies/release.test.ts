import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { version as deskVersion } from "../../apps/web/src/version.ts";

// Guarantee: desk, command line and SDK of one release have one version, and a change can be released without a network.
const root = fileURLToPath(new URL("../..", import.meta.url));
const versionsShape = z.record(z.string(), z.string()).default({});
const manifestShape = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: versionsShape,
  devDependencies: versionsShape,
});
const readManifest = (path: string) => manifestShape.parse(JSON.parse(readFileSync(path, "utf8")));
const manifestPaths = ["packages", "apps", "examples"].flatMap((parent) =>
  readdirSync(`${root}${parent}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${parent}/${name}/package.json`),
);
const manifests = manifestPaths.map((path) => readManifest(`${root}${path}`));

test("all packages have one version, and the desk says it", () => {
  expect(manifests.filter(({ version }) => version !== deskVersion).map(({ name }) => name)).toEqual([]);
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

test("a release moves all packages to one version, and what they need of each other with them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "redress-release-"));
  try {
    for (const path of ["package.json", "package-lock.json", ".changeset", ...manifestPaths]) {
      await cp(`${root}${path}`, join(folder, path), { recursive: true });
    }
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    run(folder, "git", "init", "--quiet", "--initial-branch", "main");
    run(folder, "git", "add", "--all");
    run(folder, "git", ...identity, "commit", "--quiet", "--message", "chore: before the release");
    run(folder, process.execPath, `${root}node_modules/@changesets/cli/bin.js`, "version");
    const after = manifestPaths.map((path) => readManifest(`${folder}/${path}`));
    const versions = new Set(after.map(({ version }) => version));
    expect(versions.size).toBe(1);
    const own = after.flatMap(({ dependencies, devDependencies }) =>
      Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) =>
        name.startsWith("@redress/"),
      ),
    );
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter(([, version]) => !versions.has(version))).toEqual([]);
    if (changesets.length > 0) expect(versions).not.toContain(deskVersion);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function run(cwd: string, program: string, ...words: string[]): void {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: "utf8" });
  expect(status, `${stdout}${stderr}`).toBe(0);
}
