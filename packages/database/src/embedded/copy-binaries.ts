import { createHash, randomUUID } from "node:crypto";
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
  utimes,
} from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { EmbeddedPostgresError, unless } from "./embedded-postgres-error.ts";
import { secureFolder } from "./secure-folder.ts";
import { canEnter, type ServerUser } from "./server-user.ts";

interface Entry {
  path: string;
  kind: "file" | "folder" | "link";
  size: number;
  modified: number;
  mode: number;
}

/**
 * Copies `bin`, `lib` and `share` once to a folder that the server's user can reach and only we can write.
 * Its name and its proof of integrity are one hash of every file's path, size and time, so another release
 * gets another folder, and a copy that lost files (a cleaned /tmp) is made again.
 * @returns the copy
 */
export async function copyBinaries(
  source: string,
  user: ServerUser | undefined,
  log: (line: string) => void,
): Promise<string> {
  const entries = await listFiles(source);
  const wanted = fingerprint(entries);
  const copy = join(await ownFolder(user), `binaries-${wanted.slice(0, 16)}`);
  if (await isIntact(copy, wanted)) return copy;
  const part = `${copy}.${randomUUID()}.part`;
  try {
    for (const entry of entries) await copyEntry(source, part, entry);
    // Somebody else may have been first: what counts is that the copy is there and whole.
    if (!(await isIntact(copy, wanted))) {
      await unless(["ENOENT"], rename(copy, `${part}.old`));
      await unless(["EEXIST", "ENOTEMPTY"], rename(part, copy));
    }
  } finally {
    await rm(part, { recursive: true, force: true });
    await rm(`${part}.old`, { recursive: true, force: true });
  }
  log(
    `Copied PostgreSQL's programs to ${copy}, where ${user ? `user ${user.name}` : "this user"} can run them.`,
  );
  return copy;
}

async function isIntact(copy: string, wanted: string): Promise<boolean> {
  const entries = await unless(["ENOENT"], listFiles(copy));
  return entries !== undefined && fingerprint(entries) === wanted;
}

async function listFiles(directory: string): Promise<Entry[]> {
  const paths = ["", "pg-symlinks.json"];
  for (const top of ["bin", "lib", "share"]) {
    // Folders come before what is in them.
    const found = await readdir(join(directory, top), { recursive: true });
    // Static libraries are for building against, not for running.
    paths.push(top, ...found.filter((name) => !name.endsWith(".a")).map((name) => join(top, name)));
  }
  const entries: Entry[] = [];
  for (const path of paths) {
    const stats = await unless(["ENOENT"], lstat(join(directory, path)));
    if (!stats) continue;
    const kind = stats.isDirectory() ? "folder" : stats.isSymbolicLink() ? "link" : "file";
    entries.push({ path, kind, size: stats.size, modified: Math.round(stats.mtimeMs), mode: stats.mode });
  }
  return entries;
}

/** Links are left out: they are made from a list, wherever they are missing. */
function fingerprint(entries: readonly Entry[]): string {
  const files = entries.filter(({ kind }) => kind === "file");
  const lines = files.map(({ path, size, modified }) => `${path} ${size} ${modified}`).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

async function copyEntry(source: string, target: string, entry: Entry): Promise<void> {
  const [from, to] = [join(source, entry.path), join(target, entry.path)];
  if (entry.kind === "link") return symlink(await readlink(from), to);
  if (entry.kind === "folder") await mkdir(to);
  else await copyFile(from, to);
  await chmod(to, entry.kind === "folder" || entry.mode & 0o100 ? 0o755 : 0o644);
  await utimes(to, new Date(entry.modified), new Date(entry.modified));
}

/** A folder that is ours, that nobody else may write, and that `user` may enter. */
async function ownFolder(user: ServerUser | undefined): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const candidates = [
    user ? "/var/lib/redress" : join(homedir(), ".cache", "redress"),
    join(tmpdir(), `redress-${uid}`),
  ];
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      await secureFolder(candidate);
      if (user === undefined || (await canEnter(await realpath(candidate), user))) return candidate;
      reasons.push(`${candidate}: user ${user.name} cannot reach it`);
    } catch (error) {
      reasons.push(`${candidate}: ${String(error)}`);
    }
  }
  throw new EmbeddedPostgresError(
    "binaries_not_runnable",
    `The embedded PostgreSQL must be copied to run, but no folder will do (${reasons.join("; ")}). Make one of them usable, or set DATABASE_URL.`,
  );
}
