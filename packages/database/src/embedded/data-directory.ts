import { createHash } from "node:crypto";
import { access, chmod, constants, mkdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { EmbeddedPostgresError, errorCode, unless } from "./embedded-postgres-error.ts";
import { secureFolder } from "./secure-folder.ts";
import { canEnter, chooseServerUser, type ServerUser } from "./server-user.ts";

/**
 * Makes the data directory; returns its real path and who runs the server there (undefined: ourselves). In
 * it: `cluster` (PostgreSQL's own folder, the server user's), `password` and `server.log` (ours alone),
 * `claims` and `lock.<n>`.
 * @param wanted undefined: `<project>/.redress/postgres`, or below /var/lib/redress where root's server user cannot go there
 * @throws EmbeddedPostgresError `data_directory_unusable`, `server_user_missing`
 */
export async function prepareDataDirectory(
  wanted: string | undefined,
  log: (line: string) => void,
): Promise<{ home: string; user: ServerUser | undefined }> {
  const directory = wanted === undefined ? await defaultDirectory(log) : resolve(wanted);
  const user = await chooseServerUser(join(directory, "cluster"));
  try {
    const made = await mkdir(directory, { recursive: true });
    // The server user has to pass through, whatever our umask is; an ordinary user needs nobody to pass.
    for (let path = directory; made !== undefined && path.startsWith(made); path = dirname(path)) {
      await chmod(path, user ? 0o711 : 0o700);
    }
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(directory, `cannot be written (${errorCode(cause) ?? String(cause)})`, cause);
  }
  const real = await realpath(directory);
  if (user && !(await canEnter(real, user))) {
    throw unusable(real, `lies below a folder that user ${user.name}, who runs the server, may not enter`);
  }
  return { home: real, user };
}

function unusable(directory: string, why: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "data_directory_unusable",
    `The data directory ${directory} ${why}. Choose another, change its permissions, or set DATABASE_URL.`,
    { cause },
  );
}

async function defaultDirectory(log: (line: string) => void): Promise<string> {
  const project = await realpath(await findProject());
  const inProject = join(project, ".redress", "postgres");
  const user = await chooseServerUser(join(inProject, "cluster"));
  if (user === undefined || (await canEnter(await nearestExisting(inProject), user))) return inProject;
  const name = createHash("sha256").update(project).digest("hex").slice(0, 12);
  await secureFolder("/var/lib/redress");
  await secureFolder(`/var/lib/redress/${name}`);
  const elsewhere = `/var/lib/redress/${name}/postgres`;
  log(
    `The database is kept in ${elsewhere}: user ${user.name}, who runs the server, may not enter ${project}.`,
  );
  return elsewhere;
}

/** The folder of Redress's own package.json, above this file, or above the working directory once bundled. */
async function findProject(): Promise<string> {
  for (const start of [dirname(fileURLToPath(import.meta.url)), process.cwd()]) {
    for (let folder = start; dirname(folder) !== folder; folder = dirname(folder)) {
      const manifest = await unless(["ENOENT", "ENOTDIR"], readFile(join(folder, "package.json"), "utf8"));
      if (manifest !== undefined && /"name":\s*"redress"/.test(manifest)) return folder;
    }
  }
  return process.cwd();
}

async function nearestExisting(path: string): Promise<string> {
  return (await unless(["ENOENT"], stat(path))) ? path : nearestExisting(dirname(path));
}
