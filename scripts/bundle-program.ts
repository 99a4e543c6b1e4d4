import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
// tsx's own: the one that runs the source is the one that bundles it.
const esbuild: typeof import("esbuild") = createRequire(require.resolve("tsx/package.json"))("esbuild");

/** What has no place in a program of its own, and what stands there instead. */
const replaced = /\/(on-database|doctor-server)\.ts$/;

/**
 * Bundles the command line into `dist/`, with all that it needs beside Node: in an empty folder it runs without a package
 * to fetch. Sentences name it as it is called there. The licences of what is in it go with it.
 *
 * @param folder of the package, with its program at `src/main.ts`
 */
export async function bundleProgram(folder: string): Promise<void> {
  const { metafile } = await esbuild.build({
    entryPoints: [join(folder, "src/main.ts")],
    outdir: join(folder, "dist"),
    bundle: true,
    splitting: true,
    chunkNames: "parts/[name]-[hash]",
    platform: "node",
    format: "esm",
    target: "node20.19",
    metafile: true,
    logLevel: "warning",
    plugins: [{ name: "packed", setup: (build) => packed(build, join(folder, "src")) }],
  });
  writeFileSync(join(folder, "dist/LICENSES-OF-OTHERS.txt"), licences(Object.keys(metafile.inputs)));
}

function packed(build: import("esbuild").PluginBuild, source: string): void {
  build.onResolve({ filter: replaced }, () => ({ path: join(source, "elsewhere.ts") }));
  build.onLoad({ filter: /packages\/cli\/src\/.*\.ts$/ }, ({ path }) => ({
    contents: readFileSync(path, "utf8").replaceAll(/npm run (--silent )?redress --/g, "redress"),
    loader: "ts",
  }));
}

/** Of each package that gave a file. @throws Error where one came without a licence */
function licences(inputs: readonly string[]): string {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort().map(licence).join("\n");
}

function licence(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.\w+)?$/i.test(name));
  if (file === undefined) throw new Error(`${folder} comes without its licence.`);
  return `== ${folder.replace(/^.*node_modules\//, "")}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}
