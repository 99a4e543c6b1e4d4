import { randomBytes, randomUUID } from "node:crypto";
import { chmod, chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { EmbeddedPostgresError, unless } from "./embedded-postgres-error.ts";
import { runProgram } from "./run-program.ts";
import type { ServerUser } from "./server-user.ts";

export const SUPERUSER = "redress";

/**
 * Makes the cluster and its password where there is none yet. initdb works in a folder of its own that is
 * renamed when all is done, so a cluster is whole or absent, whenever initdb or we are killed.
 * Text is UTF-8; order is by code point and upper/lower case is Unicode's (PostgreSQL's builtin C.UTF-8),
 * the same on every machine whatever locales it has.
 * The caller holds the folder's lock.
 * @returns the superuser's password
 * @throws EmbeddedPostgresError `initdb_failed`, `password_lost`, `data_directory_version`
 */
export async function ensureCluster(
  home: string,
  binaries: Binaries,
  user: ServerUser | undefined,
  durable: boolean,
): Promise<string> {
  await removeLeftovers(home);
  const cluster = join(home, "cluster");
  const major = await unless(["ENOENT"], readFile(join(cluster, "PG_VERSION"), "utf8"));
  if (major === undefined) return initialise(home, binaries, user, durable);
  if (major.trim() !== binaries.version.split(".")[0]) {
    throw new EmbeddedPostgresError(
      "data_directory_version",
      `${cluster} was made by PostgreSQL ${major.trim()}, but this is ${binaries.version}. Dump it with that release and restore it here, move the folder ${home} away to begin empty, or set DATABASE_URL.`,
    );
  }
  const password = await unless(["ENOENT"], readFile(join(home, "password"), "utf8"));
  if (password) return password.trim();
  throw passwordLost(home);
}

export function passwordLost(home: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "password_lost",
    `${join(home, "password")} is missing or is not the password of the database beside it. Put the right file back, or move ${home} away to begin empty.`,
    { cause },
  );
}

async function initialise(
  home: string,
  binaries: Binaries,
  user: ServerUser | undefined,
  durable: boolean,
): Promise<string> {
  const password = randomBytes(24).toString("base64url");
  const fresh = join(home, `initdb.${randomUUID()}`);
  const passwordFile = `${fresh}.password`;
  try {
    await mkdir(fresh, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: "wx" });
    for (const path of user ? [fresh, passwordFile] : []) await chown(path, user?.uid ?? 0, user?.gid ?? 0);
    const options = ["--pgdata", fresh, "--username", SUPERUSER, "--pwfile", passwordFile];
    options.push("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C");
    options.push("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions");
    if (!durable) options.push("--no-sync");
    await runProgram(binaries.initdb, options, user, fresh);
    await writePassword(home, password);
    await rename(fresh, join(home, "cluster"));
    if (durable) await sync(home);
    return password;
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    throw new EmbeddedPostgresError(
      "initdb_failed",
      `The database in ${home} could not be made: ${String(cause)}. Mend that, then start again.`,
      { cause },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function writePassword(home: string, password: string): Promise<void> {
  const part = join(home, "password.part");
  await rm(part, { force: true });
  await writeFile(part, `${password}\n`, { mode: 0o600, flag: "wx", flush: true });
  await chmod(part, 0o600);
  await rename(part, join(home, "password"));
}

/** What an initdb left whose starter was killed. It may still be running, so failing to remove is no failure. */
async function removeLeftovers(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith("initdb.")) continue;
    await rm(join(home, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Makes the renames in a folder survive a loss of power. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
