import { chmod, lstat, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { EmbeddedPostgresError, unless } from "./embedded-postgres-error.ts";

/**
 * Makes a folder, or accepts one that is really a folder, ours, and not writable by others: in a shared
 * place like /tmp somebody else could have put it there first, or a link to elsewhere.
 */
export async function secureFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const made = mkdir(path).then(() => chmod(path, 0o755));
  await unless(["EEXIST"], made);
  const found = await lstat(path);
  const owned = process.getuid === undefined || found.uid === process.getuid();
  if (found.isDirectory() && owned && (found.mode & 0o022) === 0) return;
  throw new EmbeddedPostgresError(
    "data_directory_unusable",
    `${path} belongs to somebody else, is a link, or is writable by others. Remove it, then start again.`,
  );
}
