import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// Builds what is published into dist/: plain JavaScript with types, and a package.json that points at it. Inside the
// repository the package is its TypeScript source, like all others.
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

interface Manifest {
  exports: Record<string, string>;
  dependencies: Record<string, string>;
  [name: string]: unknown;
}

rmSync(here("dist"), { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "-p", here("tsconfig.build.json")], { stdio: "inherit" });

const { exports, ...source }: Manifest = JSON.parse(readFileSync(here("package.json"), "utf8"));
const { name, version, description, license, type, engines, dependencies } = source;
const published = {
  name,
  version,
  description,
  license,
  type,
  engines,
  sideEffects: false,
  exports: Object.fromEntries(Object.entries(exports).map(([path, file]) => [path, compiled(file)])),
  files: ["*.js", "*.d.ts"],
  // Any version of the major that this one was built with: one copy of zod in the app is enough.
  dependencies: Object.fromEntries(
    Object.entries(dependencies).map(([dependency, exact]) => [dependency, `^${exact}`]),
  ),
};
writeFileSync(here("dist/package.json"), `${JSON.stringify(published, null, 2)}\n`);
copyFileSync(here("README.md"), here("dist/README.md"));
copyFileSync(here("../../LICENSE"), here("dist/LICENSE"));

function compiled(file: string): { types: string; default: string } {
  const path = file.replace("./src/", "./").replace(/\.ts$/, "");
  return { types: `${path}.d.ts`, default: `${path}.js` };
}
