import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder of the repository, with a slash at its end. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));

export interface Page {
  /** From the repository's root: `docs/cli.md`. */
  readonly path: string;
  readonly text: string;
}

/** Folders whose markdown people read; the root only by itself. */
const folders = ["docs", "deploy", "packages", "examples", "simulation", "bench"];
const generated = new Set(["node_modules", "dist", ".next"]);

/** Every page that people read, as it stands in the repository. */
export function readPages(): Page[] {
  const inRoot = readdirSync(repository).filter((name) => name.endsWith(".md"));
  return [...inRoot, ...folders.flatMap(markdownIn)]
    .sort()
    .map((path) => ({ path, text: readFileSync(`${repository}${path}`, "utf8") }));
}

function markdownIn(folder: string): string[] {
  if (!existsSync(`${repository}${folder}`)) return [];
  return readdirSync(`${repository}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return generated.has(entry.name) ? [] : markdownIn(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}
