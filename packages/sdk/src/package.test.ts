import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

// What an app's developer gets: the packed file, in a directory that knows nothing of this repository, and the code
// of the README, compiled and run against it.
const root = fileURLToPath(new URL("../../..", import.meta.url));
const sdk = join(root, "packages/sdk");
const require = createRequire(import.meta.url);
let home: string;
let packed: { path: string }[];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "redress-sdk-"));
  execFileSync(
    process.execPath,
    [require.resolve("tsx/cli"), join(sdk, "../../scripts/pack-package.ts"), sdk],
    { stdio: "pipe" },
  );
  const answer = execFileSync("npm", ["pack", join(sdk, "dist"), "--json"], { cwd: home, encoding: "utf8" });
  const [{ filename, files }] = JSON.parse(answer);
  packed = files;
  execFileSync("tar", ["-xzf", filename], { cwd: home });
  const modules = join(home, "node_modules");
  mkdirSync(join(modules, "@redress"), { recursive: true });
  cpSync(join(home, "package"), join(modules, "@redress/sdk"), { recursive: true });
  // Linked from here, since tests need no registry.
  for (const name of ["zod", "hono", "express", "@types"]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  writeFileSync(join(home, "package.json"), '{ "type": "module" }');
  const readme = readFileSync(join(sdk, "README.md"), "utf8");
  for (const [, file = "", code = ""] of readme.matchAll(/```ts file=(\S+)\n([\s\S]*?)```/g)) {
    writeFileSync(join(home, file), code);
  }
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("the packed file holds code, types, README and licence, and nothing else", () => {
  const names = packed.map(({ path }) => path);
  for (const name of ["index.js", "index.d.ts", "next.js", "express.js", "hono.js", "testing.js"]) {
    expect(names).toContain(name);
  }
  expect(names.filter((name) => !/^[\w-]+\.(js|d\.ts)$/.test(name)).sort()).toEqual([
    "LICENSE",
    "README.md",
    "package.json",
  ]);
  expect(names.filter((name) => name.includes("test.")).sort()).toEqual([]);
  const manifest = JSON.parse(readFileSync(join(home, "package/package.json"), "utf8"));
  expect(Object.keys(manifest.dependencies)).toEqual(["zod"]);
});

test("the README's code compiles under the strictest settings, and its test passes", {
  timeout: 120_000,
}, () => {
  const options = [
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--skipLibCheck",
  ];
  const target = ["--target", "es2023", "--module", "nodenext", "--types", "node", "--outDir", "out"];
  const files = readFileSync(join(sdk, "README.md"), "utf8").matchAll(/```ts file=(\S+)/g);
  const names = [...files].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(7);
  const tsc = spawnSync(
    process.execPath,
    [require.resolve("typescript/bin/tsc"), ...options, ...target, ...names],
    { cwd: home, encoding: "utf8" },
  );
  expect(tsc.stdout + tsc.stderr).toBe("");
  const tested = spawnSync(process.execPath, ["--test", "out/redress.test.js"], {
    cwd: home,
    encoding: "utf8",
  });
  expect(tested.status, tested.stdout + tested.stderr).toBe(0);
  expect(tested.stdout).toMatch(/pass 1/);
});

test("every entry loads in plain Node", () => {
  const entries = ["", "/next", "/express", "/hono", "/testing"].map((path) => `@redress/sdk${path}`);
  const script = `for (const entry of ${JSON.stringify(entries)}) console.log(Object.keys(await import(entry)).length > 0);`;
  const loaded = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: home,
    encoding: "utf8",
  });
  expect(loaded.trim().split("\n")).toEqual(["true", "true", "true", "true", "true"]);
});

test("nothing but Web standards is needed at run time", () => {
  // An edge runtime has neither Node's modules nor its globals.
  const code = [
    "index",
    "handler",
    "verify",
    "signature",
    "client",
    "next",
    "hono",
    "testing",
    "express",
  ].map((name) => readFileSync(join(home, "package", `${name}.js`), "utf8"));
  for (const text of code) expect(text).not.toMatch(/from "node:|require\(|\bBuffer\b|\bprocess\b/);
});
