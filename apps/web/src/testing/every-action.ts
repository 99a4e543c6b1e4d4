import { readdir, readFile } from "node:fs/promises";
import { relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Guard, guardOf } from "../access/guarded.ts";

const app = fileURLToPath(new URL("../../app", import.meta.url));

export interface KnownAction {
  /** e.g. `(desk)/refunds/actions.ts approve` */
  readonly name: string;
  readonly guard: Guard | undefined;
}

/** Every server action, found in the tree by its file's first line, so that a new one cannot be forgotten. */
export async function everyAction(): Promise<KnownAction[]> {
  const entries = await readdir(app, { withFileTypes: true, recursive: true });
  const sources = entries.filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name));
  const found = await Promise.all(
    sources.map(async ({ parentPath, name }) => {
      const path = `${parentPath}/${name}`;
      if (!/^"use server";/.test(await readFile(path, "utf8"))) return [];
      const actions: Record<string, unknown> = await import(pathToFileURL(path).href);
      const file = relative(app, path).split(sep).join("/");
      return Object.entries(actions).map(([member, run]) => ({
        name: `${file} ${member}`,
        guard: guardOf(run),
      }));
    }),
  );
  return found.flat();
}
