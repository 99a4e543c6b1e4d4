import { readdir } from "node:fs/promises";
import { relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Guard, guardOf } from "../access/guarded.ts";

const app = fileURLToPath(new URL("../../app", import.meta.url));

export interface KnownRoute {
  readonly method: string;
  /** As in the tree, e.g. `/api/v1/refunds/[id]/approve`. */
  readonly pattern: string;
  readonly guard: Guard | undefined;
}

/** Every method of every route file, found in the tree, so that a new one cannot be forgotten. */
export async function everyRoute(): Promise<KnownRoute[]> {
  const entries = await readdir(app, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name === "route.ts");
  const found = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const handlers: Record<string, unknown> = await import(pathToFileURL(`${parentPath}/${name}`).href);
      const pattern = `/${relative(app, parentPath).split(sep).join("/")}`;
      return Object.entries(handlers).map(([method, handler]) => ({
        method,
        pattern,
        guard: guardOf(handler),
      }));
    }),
  );
  return found.flat();
}
