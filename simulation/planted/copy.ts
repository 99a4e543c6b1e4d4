import { cp, mkdir, mkdtemp, readdir, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { applyBug, type PlantedBug } from "./bugs.ts";

const root = join(import.meta.dirname, "../..");
/** What is installed, built or running, and no source. */
const left: ReadonlySet<string> = new Set(["node_modules", ".git", ".next", ".redress", ".sandbox"]);

export interface TreeCopy {
  readonly directory: string;
  remove(): Promise<void>;
}

/** Copies the tree, with the bug in it; the tree itself is never touched. */
export async function copyTree(bug: PlantedBug | null): Promise<TreeCopy> {
  const directory = await mkdtemp(join(tmpdir(), "redress-planted-"));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await cp(root, directory, { recursive: true, filter: (path) => !left.has(basename(path)) });
    await linkModules(directory);
    if (bug !== null) await applyBug(directory, bug);
    return { directory, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Everything installed is shared, but the workspaces are the copy's own. */
async function linkModules(directory: string): Promise<void> {
  const installed = join(root, "node_modules");
  const modules = join(directory, "node_modules");
  await mkdir(join(modules, "@redress"), { recursive: true });
  for (const name of await readdir(installed)) {
    if (name !== "@redress" && name !== ".cache") await symlink(join(installed, name), join(modules, name));
  }
  for (const name of await readdir(join(installed, "@redress"))) {
    // As npm writes it: relative, and so within the copy.
    const target = await readlink(join(installed, "@redress", name));
    await symlink(target, join(modules, "@redress", name));
  }
}
