import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "./bundle-program.ts";

/**
 * `npm run build` of a package that is published: plain JavaScript with types in its `dist/`, and a package.json that
 * points at it. Inside the repository the package is its TypeScript source, like all others. Run in the package's folder.
 * A package without a `tsconfig.build.json` is a program, and is bundled with what it needs: it exports and depends on nothing.
 */
const repository = fileURLToPath(new URL("..", import.meta.url));
const folder = resolve(process.argv[2] ?? ".");
const here = (path: string) => join(folder, path);

interface Manifest {
  exports: Record<string, string>;
  bin?: Record<string, string>;
  dependencies: Record<string, string>;
  [name: string]: unknown;
}

rmSync(here("dist"), { recursive: true, force: true });
const isLibrary = existsSync(here("tsconfig.build.json"));
if (isLibrary) {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", here("tsconfig.build.json")], { stdio: "inherit" });
} else {
  await bundleProgram(folder);
}

const { exports, bin, ...source }: Manifest = JSON.parse(readFileSync(here("package.json"), "utf8"));
const { name, version, description, license, type, engines, dependencies } = source;
const compiled = (file: string) => file.replace("./src/", "./").replace(/\.ts$/, "");
const published = {
  name,
  version,
  description,
  license,
  type,
  engines,
  sideEffects: false,
  exports: isLibrary ? mapValues(exports, entry) : {},
  ...(bin ? { bin: mapValues(bin, (file) => `${compiled(file)}.js`) } : {}),
  files: ["**/*.js", "**/*.d.ts", "LICENSES-OF-OTHERS.txt"],
  // Any version of the major that this one was built with: one copy of zod in the app is enough.
  dependencies: isLibrary ? mapValues(dependencies, (exact) => `^${exact}`) : {},
};
writeFileSync(here("dist/package.json"), `${JSON.stringify(published, null, 2)}\n`);
copyFileSync(here("README.md"), here("dist/README.md"));
copyFileSync(join(repository, "LICENSE"), here("dist/LICENSE"));
for (const file of Object.values(published.bin ?? {})) makeProgram(here(`dist/${file}`));

/** With its types, where the package has them. */
function entry(file: string): { types?: string; default: string } {
  const types = `${compiled(file)}.d.ts`;
  return { ...(existsSync(here(`dist/${types}`)) ? { types } : {}), default: `${compiled(file)}.js` };
}

/** So that a shell starts it with Node. */
function makeProgram(file: string): void {
  const text = readFileSync(file, "utf8").replace(/^#!.*\n/, "");
  writeFileSync(file, `#!/usr/bin/env node\n${text}`);
  chmodSync(file, 0o755);
}

function mapValues<Out>(
  of: Readonly<Record<string, string>>,
  change: (value: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(value)]));
}
